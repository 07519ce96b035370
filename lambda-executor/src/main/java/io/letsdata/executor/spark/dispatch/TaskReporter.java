// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.options.Internal;
import io.letsdata.protocol.TaskState;

/** Reports to Spark how tasks ended; only the first report of a task counts. Thread-safe. */
@Internal
public interface TaskReporter {

  /**
   * Reports the end that Spark's own executor reported in the worker.
   *
   * @param data serialized result or failure reason
   * @param note shown beside a failure; empty for none
   */
  void executorReported(TaskDispatch dispatch, TaskState state, byte[] data, String note);

  /** The function was lost under the task: Spark retries it, up to spark.task.maxFailures. */
  void lost(TaskDispatch dispatch, String reason);

  /** The task was killed, even if its invocation still runs. */
  void killed(TaskDispatch dispatch, String reason);

  /** No retry can help: the whole stage fails with this reason. */
  void abortStage(TaskDispatch dispatch, String reason);
}
