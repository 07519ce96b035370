// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.spark.publish.StageInputs;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.TaskSet;
import org.apache.spark.scheduler.TaskSetManager;
import scala.Enumeration;

/**
 * Spark's own scheduler. It also publishes the inputs of a stage before any of its tasks can be
 * offered ({@code submitTasks} runs on the DAG scheduler's event loop; TaskSchedulerImpl.scala,
 * 3.5.9).
 */
final class LambdaTaskScheduler extends TaskSchedulerImpl {
  private final LambdaSchedulerBackend backend;
  private final Map<TaskSet, StageInputs> inputs = new ConcurrentHashMap<>();
  private final FailureNotes notes = new FailureNotes();

  @SuppressWarnings("this-escape") // the backend only keeps the reference until start()
  LambdaTaskScheduler(SparkContext context, LambdaSettings settings) {
    super(context);
    this.backend = new LambdaSchedulerBackend(context, this, settings);
  }

  LambdaSchedulerBackend lambdaBackend() {
    return backend;
  }

  @Override
  public void submitTasks(TaskSet taskSet) {
    inputs.put(taskSet, backend.snapshot(taskSet));
    super.submitTasks(taskSet);
  }

  @Override
  public synchronized void taskSetFinished(TaskSetManager manager) {
    StageInputs ended = inputs.remove(manager.taskSet());
    if (ended != null) {
      boolean unused = ended.published().cancel(false); // of a stage that was cancelled before
    }
    super.taskSetFinished(manager);
  }

  /** Whether no stage has tasks for which slots could be offered. */
  boolean isIdle() {
    return inputs.isEmpty();
  }

  /** Notes to show beside failures. */
  FailureNotes notes() {
    return notes;
  }

  @Override
  public synchronized void handleFailedTask(
      TaskSetManager manager, long taskId, Enumeration.Value state, TaskFailedReason reason) {
    super.handleFailedTask(manager, taskId, state, notes.beside(taskId, reason));
  }

  /** Inputs of a running task; empty when its stage has just ended. */
  Optional<StageInputs> inputsOf(long taskId) {
    TaskSetManager manager = taskIdToTaskSetManager().get(taskId);
    return manager == null ? Optional.empty() : Optional.ofNullable(inputs.get(manager.taskSet()));
  }
}
