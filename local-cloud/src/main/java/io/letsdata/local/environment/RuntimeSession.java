// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.local.process.ChildProcess;
import io.letsdata.local.process.Reaper;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One start of a function's process with its Runtime API. From each {@code next} on the process is
 * frozen until it gets an invocation; in the words of AWS, "the environment is frozen when the
 * runtime and each extension have completed and there are no pending events" (developer guide,
 * "Understanding the Lambda execution environment lifecycle"). Thread-safe; the environment that
 * starts it closes it.
 */
final class RuntimeSession implements AutoCloseable {

  /** An invocation on its way into the process. */
  record Delivery(FunctionInvocation invocation, long deadlineEpochMillis) {}

  private final RuntimeApi api;
  private final ChildProcess process;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<FunctionResponse> initError = new CompletableFuture<>();

  // Guarded by this.
  private CompletableFuture<Delivery> slot = new CompletableFuture<>();
  private @Nullable FunctionInvocation current;
  private @Nullable FunctionResponse posted;
  private CompletableFuture<FunctionResponse> outcome = new CompletableFuture<>();
  private boolean killedForMemory;

  RuntimeSession(
      FunctionDefinition function, FunctionProcess launcher, Reaper reaper, Executor executor)
      throws IOException {
    this.api = new RuntimeApi(this, function.arn(), executor);
    try {
      this.process = reaper.spawn(launcher.command(api.address()));
    } catch (IOException | RuntimeException e) {
      api.close();
      throw e;
    }
    var unused = process.exit().thenAccept(this::exited);
  }

  /**
   * Completes at the first {@code next}; fails with {@link RuntimeExit} when the process ends
   * before.
   */
  CompletableFuture<Void> ready() {
    return ready;
  }

  ChildProcess process() {
    return process;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Gives the process its next invocation and lets it run. Only when it is ready and idle.
   *
   * @return completes when the process asks for the next one, or ends
   */
  CompletableFuture<FunctionResponse> run(FunctionInvocation invocation, long deadlineEpochMillis) {
    CompletableFuture<Delivery> target;
    CompletableFuture<FunctionResponse> result;
    synchronized (this) {
      current = invocation;
      posted = null;
      outcome = new CompletableFuture<>();
      target = slot;
      result = outcome;
    }
    process.thaw();
    target.complete(new Delivery(invocation, deadlineEpochMillis));
    if (!process.isAlive()) {
      // The exit may have been seen before there was an outcome to fail.
      var unused = process.exit().thenAccept(this::exited);
    }
    return result;
  }

  /** Kills the process because it used more memory than it has. */
  void killForMemory() {
    synchronized (this) {
      killedForMemory = true;
    }
    process.kill();
  }

  /**
   * Called by the process's {@code next}; blocks until there is an invocation, empty when the
   * session ends.
   */
  Optional<Delivery> next() throws InterruptedException {
    CompletableFuture<Delivery> mine;
    CompletableFuture<FunctionResponse> finished;
    FunctionResponse response;
    synchronized (this) {
      mine = new CompletableFuture<>();
      slot = mine;
      finished = outcome;
      response = posted;
      current = null;
    }
    // Frozen before anyone sees that it is idle: the thaw of the next invocation comes later,
    // through
    // the same pipe.
    process.freeze();
    ready.complete(null);
    if (response != null) {
      finished.complete(response);
    }
    try {
      return Optional.of(mine.get());
    } catch (ExecutionException | java.util.concurrent.CancellationException e) {
      return Optional.empty();
    }
  }

  /**
   * Called by {@code response} and {@code error}; false when that is not the running invocation.
   */
  synchronized boolean responded(String requestId, FunctionResponse response) {
    if (current == null || !current.requestId().equals(requestId)) {
      return false;
    }
    // The runtime reports an error of its own when its response was refused as too large: only the
    // first one counts.
    if (posted == null) {
      posted = response;
    }
    return true;
  }

  /** Called by {@code init/error}. */
  void initFailed(byte[] body) {
    initError.complete(FunctionResponse.reported(body, Optional.empty()));
  }

  @Override
  public void close() {
    process.kill();
    api.close();
    synchronized (this) {
      slot.cancel(false);
    }
  }

  private void exited(int code) {
    CompletableFuture<FunctionResponse> pending;
    FunctionResponse response;
    String status;
    synchronized (this) {
      status = killedForMemory || code == 137 ? "signal: killed" : "exit status " + code;
      pending = outcome;
      String id = current == null ? "" : "RequestId: " + current.requestId() + " ";
      FunctionResponse exit =
          initError.getNow(
              FunctionResponse.failure(
                  "Runtime.ExitError", id + "Error: Runtime exited with error: " + status));
      // The response of a runtime that then ended is valid.
      response = posted != null ? posted : exit;
      slot.cancel(false);
    }
    ready.completeExceptionally(new RuntimeExit(status, response));
    pending.complete(response);
  }
}
