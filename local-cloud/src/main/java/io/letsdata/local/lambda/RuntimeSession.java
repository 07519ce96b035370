// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import io.letsdata.local.process.Child;
import io.letsdata.local.process.Reaper;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One start of a function's process with its Runtime API. From each {@code next} on the process is
 * frozen until it is given an invocation: what AWS documents as "the environment is frozen when the
 * runtime and each extension have completed and there are no pending events" (developer guide,
 * "Understanding the Lambda execution environment lifecycle"). Thread-safe; the environment that
 * starts it closes it.
 */
final class RuntimeSession implements AutoCloseable {

  /** An invocation on its way into the process. */
  record Delivery(Invocation invocation, long deadlineEpochMillis) {}

  private final RuntimeApi api;
  private final Child process;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Answer> initError = new CompletableFuture<>();

  // Guarded by this.
  private CompletableFuture<Delivery> slot = new CompletableFuture<>();
  private @Nullable Invocation current;
  private @Nullable Answer posted;
  private CompletableFuture<Answer> outcome = new CompletableFuture<>();
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

  Child process() {
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
  CompletableFuture<Answer> run(Invocation invocation, long deadlineEpochMillis) {
    CompletableFuture<Delivery> target;
    CompletableFuture<Answer> result;
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
    CompletableFuture<Answer> finished;
    Answer answer;
    synchronized (this) {
      mine = new CompletableFuture<>();
      slot = mine;
      finished = outcome;
      answer = posted;
      current = null;
    }
    // Frozen before anyone learns that it is idle: the thaw of a next invocation comes later
    // through the same pipe.
    process.freeze();
    ready.complete(null);
    if (answer != null) {
      finished.complete(answer);
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
  synchronized boolean answered(String requestId, Answer answer) {
    if (current == null || !current.requestId().equals(requestId)) {
      return false;
    }
    // The runtime reports an error of its own when its response was refused as too large: the first
    // word counts.
    if (posted == null) {
      posted = answer;
    }
    return true;
  }

  /** Called by {@code init/error}. */
  void initFailed(byte[] body) {
    initError.complete(Answer.reported(body, Optional.empty()));
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
    CompletableFuture<Answer> pending;
    Answer answer;
    String status;
    synchronized (this) {
      status = killedForMemory || code == 137 ? "signal: killed" : "exit status " + code;
      pending = outcome;
      String id = current == null ? "" : "RequestId: " + current.requestId() + " ";
      Answer exit =
          initError.getNow(
              Answer.failure(
                  "Runtime.ExitError", id + "Error: Runtime exited with error: " + status));
      // A runtime that answered and then ended has answered.
      answer = posted != null ? posted : exit;
      slot.cancel(false);
    }
    ready.completeExceptionally(new RuntimeExit(status, answer));
    pending.complete(answer);
  }
}
