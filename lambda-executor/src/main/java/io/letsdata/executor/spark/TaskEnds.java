package io.letsdata.executor.spark;

import java.nio.ByteBuffer;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskKilled;
import org.apache.spark.TaskState;
import org.apache.spark.scheduler.TaskSetManager;
import scala.Option;
import scala.Some;
import scala.collection.immutable.Nil$;

/** Tells Spark how tasks ended, each at most once. Thread-safe. */
final class TaskEnds {
  private final LambdaTaskScheduler scheduler;
  private final SparkEnv env;

  TaskEnds(LambdaTaskScheduler scheduler, SparkEnv env) {
    this.scheduler = scheduler;
    this.env = env;
  }

  /**
   * What Spark's own executor said.
   *
   * @param note stands beside a failure
   */
  void executorSaid(TaskDispatch dispatch, String state, byte[] data, String note) {
    if (dispatch.report()) {
      if (!note.isEmpty()) {
        scheduler.notes().add(dispatch.description().taskId(), note);
      }
      scheduler.statusUpdate(
          dispatch.description().taskId(), TaskState.withName(state), ByteBuffer.wrap(data));
    }
  }

  /** The function was lost under the task: Spark runs it again, up to spark.task.maxFailures. */
  void lost(TaskDispatch dispatch, String reason) {
    if (dispatch.report()) {
      Object failure =
          ExecutorLostFailure.apply(dispatch.description().executorId(), true, new Some<>(reason));
      scheduler.statusUpdate(
          dispatch.description().taskId(),
          TaskState.FAILED(),
          SparkInternals.serialize(env, failure));
    }
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // Scala's Nil is a Seq of anything
  void killed(TaskDispatch dispatch, String reason) {
    if (dispatch.report()) {
      scala.collection.Seq nil = Nil$.MODULE$;
      scheduler.statusUpdate(
          dispatch.description().taskId(),
          TaskState.KILLED(),
          SparkInternals.serialize(env, TaskKilled.apply(reason, nil, nil, nil)));
    }
  }

  /** No try can help: the whole stage fails with this reason. */
  void abortStage(TaskDispatch dispatch, String reason) {
    TaskSetManager manager =
        scheduler.taskIdToTaskSetManager().get(dispatch.description().taskId());
    if (manager != null) {
      manager.abort(reason, Option.empty());
    }
    killed(dispatch, reason);
  }
}
