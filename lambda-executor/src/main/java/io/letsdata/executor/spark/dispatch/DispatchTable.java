// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The dispatches that are not settled, and the invocations of settled ones that may still be alive.
 * Thread-safe.
 */
final class DispatchTable {
  private final DispatchRights rights;
  private final ScheduledExecutorService timer;
  private final Map<String, TaskDispatch> inFlight = new ConcurrentHashMap<>();
  private final Map<Long, TaskDispatch> byTask = new ConcurrentHashMap<>();
  private final Map<String, DispatchInvocations> mayBeAlive = new ConcurrentHashMap<>();

  DispatchTable(DispatchRights rights, ScheduledExecutorService timer) {
    this.rights = rights;
    this.timer = timer;
  }

  void add(TaskDispatch dispatch) {
    inFlight.put(dispatch.id(), dispatch);
    byTask.put(dispatch.description().taskId(), dispatch);
    mayBeAlive.put(dispatch.id(), dispatch.invocations());
  }

  /** Dispatches that are not settled. */
  List<TaskDispatch> inFlight() {
    return List.copyOf(inFlight.values());
  }

  /** The dispatch of a task whose end has not been reported to Spark. */
  Optional<TaskDispatch> ofTask(long taskId) {
    return Optional.ofNullable(byTask.get(taskId));
  }

  /** The invocations of a dispatch that could still commit; empty when none can. */
  Optional<DispatchInvocations> mayBeAlive(String dispatch) {
    return Optional.ofNullable(mayBeAlive.get(dispatch));
  }

  /** The dispatch is settled and its task succeeded: no retry follows, so no right matters. */
  void finished(TaskDispatch dispatch) {
    remove(dispatch);
    allEnded(dispatch.invocations());
  }

  /**
   * The dispatch is settled without success. An invocation of which the driver knows nothing may
   * hold its commit right as long as it can be alive, unless the right has moved on.
   */
  void failed(TaskDispatch dispatch) {
    remove(dispatch);
    DispatchInvocations invocations = dispatch.invocations();
    if (!dispatch.inputs().mayCommit() || rights.hasMovedOn(dispatch)) {
      allEnded(invocations);
      return;
    }
    long left = invocations.left(rights.aliveAtMost()).toMillis();
    try {
      var unused = timer.schedule(() -> allEnded(invocations), left + 1, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      allEnded(invocations); // the application is stopping
    }
  }

  /** The end of the task of a settled dispatch has been reported to Spark. */
  void reported(TaskDispatch dispatch) {
    byTask.remove(dispatch.description().taskId());
  }

  private void remove(TaskDispatch dispatch) {
    inFlight.remove(dispatch.id());
    if (dispatch.isReported()) {
      reported(dispatch);
    }
  }

  private void allEnded(DispatchInvocations invocations) {
    mayBeAlive.remove(invocations.dispatch());
    invocations.allEnded().complete(null);
  }
}
