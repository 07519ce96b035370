// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.invoke.LambdaInvoker;
import io.letsdata.executor.spark.publish.StageInputs;
import io.letsdata.options.Internal;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.spark.scheduler.TaskDescription;

/**
 * The driver's order to run one task attempt. It has one invocation, or several when Lambda runs a
 * request twice. Thread-safe.
 */
@Internal
public final class TaskDispatch implements LambdaInvoker.Caller {
  private final TaskDescription description;
  private final StageInputs inputs;
  private final int commitGeneration;
  private final String id = UUID.randomUUID().toString();
  private final DispatchInvocations invocations;
  private final AtomicBoolean reported = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean storedPayload;
  private volatile boolean hasRunUnseen;

  TaskDispatch(
      TaskDescription description,
      StageInputs inputs,
      int commitGeneration,
      LongSupplier nanoClock) {
    this.invocations = new DispatchInvocations(id, nanoClock);
    this.description = description;
    this.inputs = inputs;
    this.commitGeneration = commitGeneration;
  }

  public TaskDescription description() {
    return description;
  }

  StageInputs inputs() {
    return inputs;
  }

  int commitGeneration() {
    return commitGeneration;
  }

  String id() {
    return id;
  }

  DispatchInvocations invocations() {
    return invocations;
  }

  /** False once Spark knows the end of the task: no request is sent after that. */
  @Override
  public boolean wanted() {
    return !isReported();
  }

  @Override
  public void sending() {
    invocations.sending();
  }

  @Override
  public void ranUnseen() {
    hasRunUnseen = true;
  }

  /** Whether an invocation of it may have left a result of which no response tells. */
  boolean hasRunUnseen() {
    return hasRunUnseen;
  }

  /** Its payload is an object, which is about to be read. */
  void payloadIsStored() {
    storedPayload = true;
  }

  /** Whether its payload is an object. */
  boolean hasStoredPayload() {
    return storedPayload;
  }

  /** True for the first caller only, which then reports the end of the task to Spark. */
  public boolean claimReport() {
    return reported.compareAndSet(false, true);
  }

  /** Whether the end of the task has been reported to Spark. */
  boolean isReported() {
    return reported.get();
  }

  /** Completes when the invocation has ended and the slot is free. */
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
