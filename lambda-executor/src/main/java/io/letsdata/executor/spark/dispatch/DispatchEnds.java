// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.account.RunAccount;
import io.letsdata.protocol.TaskState;

/** Settles dispatches: tells Spark, frees the slot, forgets what needs no more thought. */
final class DispatchEnds {
  private final TaskEnds tasks;
  private final DispatchTable table;
  private final RunAccount account;

  DispatchEnds(TaskEnds tasks, DispatchTable table, RunAccount account) {
    this.tasks = tasks;
    this.table = table;
    this.account = account;
  }

  /** What Spark's executor said of the task, told in time. */
  void executorSaid(TaskDispatch dispatch, TaskState state, byte[] data, String note) {
    account.taskEnded(); // first: a report after the action has all its tasks
    tasks.executorSaid(dispatch, state, data, note);
    if (state == TaskState.FINISHED) {
      table.finished(dispatch);
      dispatch.ended().complete(null);
    } else {
      free(dispatch);
    }
  }

  /** The task failed once. */
  void fail(TaskDispatch dispatch, String reason) {
    account.taskEnded();
    tasks.lost(dispatch, reason);
    free(dispatch);
  }

  /** No try can help: its stage ends. */
  void abort(TaskDispatch dispatch, String reason) {
    account.taskEnded();
    tasks.abortStage(dispatch, reason);
    free(dispatch);
  }

  /** Its slot is free; Spark has been told, or will be. */
  void end(TaskDispatch dispatch) {
    account.taskEnded();
    free(dispatch);
  }

  private void free(TaskDispatch dispatch) {
    table.failed(dispatch);
    dispatch.ended().complete(null);
  }
}
