// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Dispatches that are under way, and what is left of those whose other runs may still be alive.
 * Thread-safe.
 */
final class DispatchTable {
  private final DispatchRights rights;
  private final Duration aliveAtMost;
  private final ScheduledExecutorService timer;
  private final Map<String, TaskDispatch> inFlight = new ConcurrentHashMap<>();
  private final Map<Long, TaskDispatch> byTask = new ConcurrentHashMap<>();
  private final Map<String, DispatchRuns> mayBeAlive = new ConcurrentHashMap<>();

  /**
   * @param aliveAtMost how long a run can live after its request was sent
   */
  DispatchTable(DispatchRights rights, Duration aliveAtMost, ScheduledExecutorService timer) {
    this.rights = rights;
    this.aliveAtMost = aliveAtMost;
    this.timer = timer;
  }

  void add(TaskDispatch dispatch) {
    inFlight.put(dispatch.id(), dispatch);
    byTask.put(dispatch.description().taskId(), dispatch);
    mayBeAlive.put(dispatch.id(), dispatch.runs());
  }

  /** Dispatches whose end has not been settled. */
  List<TaskDispatch> inFlight() {
    return List.copyOf(inFlight.values());
  }

  /** The dispatch of a task of which Spark has not been told the end. */
  Optional<TaskDispatch> ofTask(long taskId) {
    return Optional.ofNullable(byTask.get(taskId));
  }

  /** The runs of a dispatch that could still commit; empty when none can. */
  Optional<DispatchRuns> mayBeAlive(String dispatch) {
    return Optional.ofNullable(mayBeAlive.get(dispatch));
  }

  /** The dispatch is settled after its task succeeded: no other may run, so no right matters. */
  void finished(TaskDispatch dispatch) {
    remove(dispatch);
    gone(dispatch.runs());
  }

  /**
   * The dispatch is settled without success. Its other runs, of which nobody has heard, may hold
   * its commit right until their time is over, unless the right has moved on.
   */
  void failed(TaskDispatch dispatch) {
    remove(dispatch);
    DispatchRuns runs = dispatch.runs();
    if (!dispatch.inputs().mayCommit() || rights.hasMovedOn(dispatch)) {
      gone(runs);
      return;
    }
    long left = runs.left(aliveAtMost).toMillis();
    try {
      var unused = timer.schedule(() -> gone(runs), left + 1, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      gone(runs); // the application is stopping
    }
  }

  /** Spark has been told how the task of a settled dispatch ended. */
  void told(TaskDispatch dispatch) {
    byTask.remove(dispatch.description().taskId());
  }

  private void remove(TaskDispatch dispatch) {
    inFlight.remove(dispatch.id());
    if (dispatch.isReported()) {
      told(dispatch);
    }
  }

  private void gone(DispatchRuns runs) {
    mayBeAlive.remove(runs.dispatch());
    runs.gone().complete(null);
  }
}
