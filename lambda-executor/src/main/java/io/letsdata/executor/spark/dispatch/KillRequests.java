// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills tasks for Spark. Lambda cannot stop an invocation, so the driver raises a flag, for which
 * the worker looks, and reports the end to Spark at once; the late response is ignored.
 * Thread-safe.
 */
final class KillRequests {
  private static final Logger LOG = LoggerFactory.getLogger(KillRequests.class);

  private final DispatchTable table;
  private final TaskReporter reporter;
  private final Runnable withdrawUnwanted;
  private final ObjectStore store;
  private final RunLayout layout;
  private final SettledObjects objects;
  private final Consumer<Runnable> executor;

  /**
   * @param withdrawUnwanted withdraws invocations that have not been sent and are not wanted
   * @param executor runs work that makes requests
   */
  KillRequests(
      DispatchTable table,
      TaskReporter reporter,
      Runnable withdrawUnwanted,
      ObjectStore store,
      RunLayout layout,
      SettledObjects objects,
      Consumer<Runnable> executor) {
    this.table = table;
    this.reporter = reporter;
    this.withdrawUnwanted = withdrawUnwanted;
    this.store = store;
    this.layout = layout;
    this.objects = objects;
    this.executor = executor;
  }

  /** Kills a task, later. One PUT when its invocation may still run. */
  void kill(long taskId, String reason) {
    table.ofTask(taskId).ifPresent(dispatch -> executor.accept(() -> kill(dispatch, reason)));
  }

  private void kill(TaskDispatch dispatch, String reason) {
    reporter.killed(dispatch, reason);
    if (dispatch.ended().isDone()) {
      table.reported(dispatch); // it was denied its commit and waits: no invocation of it runs
      return;
    }
    withdrawUnwanted.run();
    raiseFlag(dispatch);
  }

  /**
   * Raises the flags of all dispatches in flight, later; for the end of the application. One PUT
   * each.
   *
   * @return keys of the flags
   */
  Set<String> killAll() {
    Set<String> flags = new HashSet<>();
    for (TaskDispatch dispatch : table.inFlight()) {
      flags.add(layout.kill(dispatch.id()).key());
      executor.accept(() -> raiseFlag(dispatch));
    }
    return flags;
  }

  private void raiseFlag(TaskDispatch dispatch) {
    try {
      store.put(layout.kill(dispatch.id()), ObjectContent.of(new byte[0]));
      objects.add(layout.kill(dispatch.id()));
    } catch (IOException e) {
      LOG.warn("Cannot raise the kill flag of {}; it runs to its end", dispatch.label(), e);
    }
  }
}
