// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  /** Reasons of kills since the current offers began, by task. */
  private final Map<Long, String> early = new ConcurrentHashMap<>();

  private volatile boolean offering;

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

  /**
   * Makes offers to Spark and starts the dispatches that follow. A kill of a task which Spark has
   * placed and which is not in the table yet waits for {@link #started}; other tasks without a
   * dispatch have ended. For one thread at a time.
   */
  void duringOffers(Runnable offers) {
    offering = true;
    try {
      offers.run();
    } finally {
      offering = false;
      early.clear();
    }
  }

  /** Kills a task, later. One PUT when its invocation may still run. */
  void kill(long taskId, String reason) {
    if (offering) {
      early.put(taskId, reason); // before the look: the dispatch may come in between
    }
    table.ofTask(taskId).ifPresent(dispatch -> executor.accept(() -> kill(dispatch, reason)));
  }

  /** The dispatch is in the table; it ends if its task was killed before. */
  void started(TaskDispatch dispatch) {
    String reason = early.remove(dispatch.description().taskId());
    if (reason != null) {
      executor.accept(() -> kill(dispatch, reason));
    }
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
