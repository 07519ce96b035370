// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.protocol.TaskState;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies that were denied their commit. Spark does not count a denial, so telling it at once would
 * start the copy again and again. It is told when nothing of the holder can commit any more; when
 * the holder succeeds, or the copy's stage is cancelled, Spark kills the copy first. Thread-safe.
 */
final class CommitDenials {
  private static final Logger LOG = LoggerFactory.getLogger(CommitDenials.class);

  private final DispatchRights rights;
  private final TaskEnds tasks;
  private final DispatchTable table;
  private final ScheduledExecutorService timer;

  CommitDenials(
      DispatchRights rights, TaskEnds tasks, DispatchTable table, ScheduledExecutorService timer) {
    this.rights = rights;
    this.tasks = tasks;
    this.table = table;
    this.timer = timer;
  }

  /** Keeps the word of a copy, whose run has ended, until {@code holder} is gone. */
  @SuppressWarnings("FutureReturnValueIgnored") // told once, by whichever comes first
  void hold(TaskDispatch copy, TaskState state, byte[] data, DispatchRuns holder) {
    LOG.info(
        "{} waits for dispatch {}, which holds the commit right", copy.label(), holder.dispatch());
    holder.gone().whenComplete((done, never) -> tellLater(copy, state, data));
  }

  /** A second later: a kill of the copy, which is no failure, shall come first. */
  @SuppressWarnings("FutureReturnValueIgnored") // told once, by whichever comes first
  private void tellLater(TaskDispatch copy, TaskState state, byte[] data) {
    try {
      timer.schedule(() -> tell(copy, state, data), 1, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The application is stopping", e);
    }
  }

  private void tell(TaskDispatch copy, TaskState state, byte[] data) {
    rights.released(copy);
    tasks.executorSaid(copy, state, data, "");
    table.told(copy);
  }
}
