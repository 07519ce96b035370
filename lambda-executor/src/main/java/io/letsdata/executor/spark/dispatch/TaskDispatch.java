// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.invoke.LambdaInvoker;
import io.letsdata.executor.spark.publish.StageInputs;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.spark.scheduler.TaskDescription;

/** One task attempt on its way through one invocation. Thread-safe. */
public final class TaskDispatch implements LambdaInvoker.Caller {
  private final TaskDescription description;
  private final StageInputs inputs;
  private final int slot;
  private final int commitGeneration;
  private final String id = UUID.randomUUID().toString();
  private final DispatchRuns runs;
  private final AtomicBoolean reported = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  public TaskDispatch(
      TaskDescription description, StageInputs inputs, int slot, int commitGeneration) {
    this(description, inputs, slot, commitGeneration, System::nanoTime);
  }

  TaskDispatch(
      TaskDescription description,
      StageInputs inputs,
      int slot,
      int commitGeneration,
      LongSupplier nanoClock) {
    this.runs = new DispatchRuns(id, nanoClock);
    this.description = description;
    this.inputs = inputs;
    this.slot = slot;
    this.commitGeneration = commitGeneration;
  }

  public TaskDescription description() {
    return description;
  }

  StageInputs inputs() {
    return inputs;
  }

  int slot() {
    return slot;
  }

  int commitGeneration() {
    return commitGeneration;
  }

  String id() {
    return id;
  }

  DispatchRuns runs() {
    return runs;
  }

  @Override
  public boolean wanted() {
    return !isReported();
  }

  @Override
  public void sending() {
    runs.sending();
  }

  /** True for the first caller: only one end of a task is ever told to Spark. */
  public boolean report() {
    return reported.compareAndSet(false, true);
  }

  boolean isReported() {
    return reported.get();
  }

  /** Completes when the invocation has ended and its task has been settled. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** The task as an error message names it. */
  String label() {
    return "task "
        + description.taskId()
        + " (stage "
        + inputs.stageId()
        + ", partition "
        + description.partitionId()
        + ", attempt "
        + description.attemptNumber()
        + ")";
  }
}
