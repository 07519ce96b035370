// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import io.letsdata.local.environment.ExecutionEnvironment;
import io.letsdata.local.environment.FunctionInvocation;
import io.letsdata.local.environment.InvocationOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Event invocations: accepted at once, run later, repeated while throttled, failed ones repeated
 * twice (developer guide, "How Lambda handles errors and retries with asynchronous invocation"; AWS
 * waits one and two minutes between them, the stand-in less). Thread-safe.
 */
final class AsyncInvocations {

  private static final int ATTEMPTS = 3;
  private static final int QUEUE_LIMIT = 1000;
  private static final Duration THROTTLE_WAIT = Duration.ofMillis(100);
  private static final Duration RETRY_WAIT = Duration.ofMillis(500);

  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final Semaphore room = new Semaphore(QUEUE_LIMIT);

  AsyncInvocations(Executor executor, ScheduledExecutorService timer) {
    this.executor = executor;
    this.timer = timer;
  }

  /** False when the queue is full. */
  boolean accept(DeployedFunction function, FunctionInvocation invocation) {
    if (!room.tryAcquire()) {
      return false;
    }
    executor.execute(() -> attempt(function, invocation, 1));
    return true;
  }

  private void attempt(DeployedFunction function, FunctionInvocation invocation, int number) {
    try {
      Optional<ExecutionEnvironment> environment = function.pool().tryAcquire();
      if (environment.isEmpty()) {
        later(function, invocation, number, THROTTLE_WAIT);
        return;
      }
      InvocationOutcome outcome = function.run(environment.get(), invocation, Optional.empty());
      if (outcome.response().errorType().isPresent() && number < ATTEMPTS) {
        later(function, invocation, number + 1, RETRY_WAIT);
        return;
      }
    } catch (IOException e) {
      // The environment could not start; AWS would send the event to a dead-letter queue, which the
      // stand-in does not have.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    room.release();
  }

  private void later(
      DeployedFunction function, FunctionInvocation invocation, int number, Duration wait) {
    var unused =
        timer.schedule(
            () -> executor.execute(() -> attempt(function, invocation, number)),
            wait.toMillis(),
            TimeUnit.MILLISECONDS);
  }
}
