// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.account.RunAccount;
import io.letsdata.protocol.TaskState;
import io.letsdata.store.ObjectLocation;

/** Settles dispatches: reports to Spark, frees the slot, updates the table. Thread-safe. */
final class DispatchSettler {
  private final TaskReporter reporter;
  private final DispatchTable table;
  private final RunAccount account;
  private final SettledObjects objects;

  DispatchSettler(
      TaskReporter reporter, DispatchTable table, RunAccount account, SettledObjects objects) {
    this.reporter = reporter;
    this.table = table;
    this.account = account;
    this.objects = objects;
  }

  /** A dispatch begins. */
  void started(TaskDispatch dispatch) {
    objects.started(dispatch);
  }

  /** An object that is not needed when all invocations of its dispatch have ended. */
  void left(ObjectLocation object) {
    objects.add(object);
  }

  /** Spark's executor reported the end of the task. */
  void executorReported(TaskDispatch dispatch, TaskState state, byte[] data, String note) {
    account.taskEnded(); // first: a run report made after the action counts all its tasks
    reporter.executorReported(dispatch, state, data, note);
    if (state == TaskState.FINISHED) {
      table.finished(dispatch);
      ended(dispatch);
    } else {
      free(dispatch);
    }
  }

  /** The task failed once. */
  void fail(TaskDispatch dispatch, String reason) {
    account.taskEnded();
    reporter.lost(dispatch, reason);
    free(dispatch);
  }

  /** No retry can help: its stage fails. */
  void abort(TaskDispatch dispatch, String reason) {
    account.taskEnded();
    reporter.abortStage(dispatch, reason);
    free(dispatch);
  }

  /** Frees the slot without a report: one was made before, or follows. */
  void end(TaskDispatch dispatch) {
    account.taskEnded();
    free(dispatch);
  }

  private void free(TaskDispatch dispatch) {
    table.failed(dispatch);
    ended(dispatch);
  }

  private void ended(TaskDispatch dispatch) {
    if (dispatch.ended().complete(null)) {
      objects.settled(dispatch);
    }
  }
}
