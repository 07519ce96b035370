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
 * Ends tasks that Spark wants no more. Lambda has no way to stop an invocation: a flag is raised
 * that the worker looks for, Spark is told at once, and the late answer is ignored. Thread-safe.
 */
public final class KillRequests {
  private static final Logger LOG = LoggerFactory.getLogger(KillRequests.class);

  private final DispatchTable table;
  private final TaskEnds tasks;
  private final Runnable withdrawUnwanted;
  private final ObjectStore store;
  private final RunLayout layout;
  private final Consumer<Runnable> later;

  /**
   * @param withdrawUnwanted gives back what has not been sent
   * @param later where requests are made
   */
  KillRequests(
      DispatchTable table,
      TaskEnds tasks,
      Runnable withdrawUnwanted,
      ObjectStore store,
      RunLayout layout,
      Consumer<Runnable> later) {
    this.table = table;
    this.tasks = tasks;
    this.withdrawUnwanted = withdrawUnwanted;
    this.store = store;
    this.layout = layout;
    this.later = later;
  }

  /** Ends a task. One PUT while its run may go on. */
  public void kill(long taskId, String reason) {
    table.ofTask(taskId).ifPresent(dispatch -> later.accept(() -> kill(dispatch, reason)));
  }

  private void kill(TaskDispatch dispatch, String reason) {
    tasks.killed(dispatch, reason);
    if (dispatch.ended().isDone()) {
      table.told(dispatch); // a denied copy that was held: nothing of it runs
      return;
    }
    withdrawUnwanted.run();
    raiseFlag(dispatch);
  }

  /**
   * Raises the flags of everything in flight, later; used when the application stops. One PUT each.
   *
   * @return keys of the flags
   */
  public Set<String> all() {
    Set<String> flags = new HashSet<>();
    for (TaskDispatch dispatch : table.inFlight()) {
      flags.add(layout.kill(dispatch.id()).key());
      later.accept(() -> raiseFlag(dispatch));
    }
    return flags;
  }

  private void raiseFlag(TaskDispatch dispatch) {
    try {
      store.put(layout.kill(dispatch.id()), ObjectContent.of(new byte[0]));
    } catch (IOException e) {
      LOG.warn("Cannot raise the kill flag of {}; it runs to its end", dispatch.label(), e);
    }
  }
}
