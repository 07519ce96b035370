// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.account.RunAccount;

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
  void executorSaid(TaskDispatch dispatch, String state, byte[] data, String note) {
    tasks.executorSaid(dispatch, state, data, note);
    if (state.equals("FINISHED")) {
      account.taskEnded();
      table.finished(dispatch);
      dispatch.ended().complete(null);
    } else {
      end(dispatch);
    }
  }

  /** The task failed once. */
  void fail(TaskDispatch dispatch, String reason) {
    tasks.lost(dispatch, reason);
    end(dispatch);
  }

  /** No try can help: its stage ends. */
  void abort(TaskDispatch dispatch, String reason) {
    tasks.abortStage(dispatch, reason);
    end(dispatch);
  }

  /** Its slot is free; Spark has been told, or will be. */
  void end(TaskDispatch dispatch) {
    account.taskEnded();
    table.failed(dispatch);
    dispatch.ended().complete(null);
  }
}
