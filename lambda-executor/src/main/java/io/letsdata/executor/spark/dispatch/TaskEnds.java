// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.protocol.TaskState;

/** Tells Spark how tasks ended; of each task only the first word counts. Thread-safe. */
public interface TaskEnds {

  /**
   * What Spark's own executor said.
   *
   * @param note stands beside a failure
   */
  void executorSaid(TaskDispatch dispatch, TaskState state, byte[] data, String note);

  /** The function was lost under the task: Spark runs it again, up to spark.task.maxFailures. */
  void lost(TaskDispatch dispatch, String reason);

  /** The task was killed, whatever its run does. */
  void killed(TaskDispatch dispatch, String reason);

  /** No try can help: the whole stage fails with this reason. */
  void abortStage(TaskDispatch dispatch, String reason);
}
