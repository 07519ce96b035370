// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import io.letsdata.executor.spark.dispatch.TaskDispatch;
import io.letsdata.executor.spark.dispatch.TaskReporter;
import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.protocol.TaskState;
import java.nio.ByteBuffer;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.TaskSetManager;
import scala.Option;
import scala.Some;
import scala.collection.immutable.Nil$;

/** Reports to Spark's scheduler. Thread-safe. */
final class SchedulerTaskReporter implements TaskReporter {
  private final LambdaTaskScheduler scheduler;
  private final SparkEnv env;

  SchedulerTaskReporter(LambdaTaskScheduler scheduler, SparkEnv env) {
    this.scheduler = scheduler;
    this.env = env;
  }

  @Override
  public void executorReported(TaskDispatch dispatch, TaskState state, byte[] data, String note) {
    if (dispatch.claimReport()) {
      if (!note.isEmpty()) {
        scheduler.notes().add(dispatch.description().taskId(), note);
      }
      scheduler.statusUpdate(
          dispatch.description().taskId(),
          org.apache.spark.TaskState.withName(state.name()),
          ByteBuffer.wrap(data));
    }
  }

  @Override
  public void lost(TaskDispatch dispatch, String reason) {
    if (dispatch.claimReport()) {
      Object failure =
          ExecutorLostFailure.apply(dispatch.description().executorId(), true, new Some<>(reason));
      scheduler.statusUpdate(
          dispatch.description().taskId(),
          org.apache.spark.TaskState.FAILED(),
          SparkInternals.serialize(env, failure));
    }
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // Scala's Nil is a Seq of anything
  @Override
  public void killed(TaskDispatch dispatch, String reason) {
    if (dispatch.claimReport()) {
      scala.collection.Seq nil = Nil$.MODULE$;
      scheduler.statusUpdate(
          dispatch.description().taskId(),
          org.apache.spark.TaskState.KILLED(),
          SparkInternals.serialize(env, TaskKilled.apply(reason, nil, nil, nil)));
    }
  }

  @Override
  public void abortStage(TaskDispatch dispatch, String reason) {
    TaskSetManager manager =
        scheduler.taskIdToTaskSetManager().get(dispatch.description().taskId());
    if (manager != null) {
      manager.abort(reason, Option.empty());
    }
    killed(dispatch, reason);
  }
}
