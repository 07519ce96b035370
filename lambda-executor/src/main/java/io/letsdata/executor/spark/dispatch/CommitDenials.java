// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.protocol.TaskState;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delays the reports of attempts that were denied their commit. Spark does not count a denial as a
 * failure, so if it were reported at once, Spark would start the attempt again and again. It is
 * reported when no invocation of the holder can commit any more. When the holder succeeds, or the
 * stage is cancelled, Spark kills the attempt before that. Thread-safe.
 */
final class CommitDenials {
  private static final Logger LOG = LoggerFactory.getLogger(CommitDenials.class);

  private final DispatchRights rights;
  private final TaskReporter reporter;
  private final DispatchTable table;
  private final ScheduledExecutorService timer;

  CommitDenials(
      DispatchRights rights,
      TaskReporter reporter,
      DispatchTable table,
      ScheduledExecutorService timer) {
    this.rights = rights;
    this.reporter = reporter;
    this.table = table;
    this.timer = timer;
  }

  /** Keeps the result of an attempt, whose invocation has ended, until those of {@code holder}. */
  @SuppressWarnings("FutureReturnValueIgnored") // reported once, by whichever comes first
  void hold(TaskDispatch denied, TaskState state, byte[] data, DispatchInvocations holder) {
    LOG.info(
        "{} waits for dispatch {}, which holds the commit right",
        denied.label(),
        holder.dispatch());
    holder.allEnded().whenComplete((done, ignored) -> reportLater(denied, state, data));
  }

  /** Reports a second later: a kill of the attempt, which is not a failure, must come first. */
  @SuppressWarnings("FutureReturnValueIgnored") // reported once, by whichever comes first
  private void reportLater(TaskDispatch denied, TaskState state, byte[] data) {
    try {
      timer.schedule(() -> report(denied, state, data), 1, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The application is stopping", e);
    }
  }

  private void report(TaskDispatch denied, TaskState state, byte[] data) {
    rights.released(denied);
    reporter.executorReported(denied, state, data, "");
    table.reported(denied);
  }
}
