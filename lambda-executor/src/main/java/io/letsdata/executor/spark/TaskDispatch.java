package io.letsdata.executor.spark;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.scheduler.TaskDescription;

/** One task attempt on its way through one invocation. Thread-safe. */
final class TaskDispatch {
  private final TaskDescription description;
  private final StageInputs inputs;
  private final int slot;
  private final int commitGeneration;
  private final String id = UUID.randomUUID().toString();
  private final long startedNanos = System.nanoTime();
  private final AtomicBoolean reported = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  TaskDispatch(TaskDescription description, StageInputs inputs, int slot, int commitGeneration) {
    this.description = description;
    this.inputs = inputs;
    this.slot = slot;
    this.commitGeneration = commitGeneration;
  }

  TaskDescription description() {
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

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  /** True for the first caller: only one end of a task is ever told to Spark. */
  boolean report() {
    return reported.compareAndSet(false, true);
  }

  boolean isReported() {
    return reported.get();
  }

  /** Completes when the invocation has ended and its task has been settled. */
  CompletableFuture<Void> ended() {
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
