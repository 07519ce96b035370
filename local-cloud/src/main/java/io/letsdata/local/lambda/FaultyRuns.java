// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import io.letsdata.local.admin.Fault;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/** Runs invocations, with what tests planned to go wrong. Thread-safe. */
final class FaultyRuns {

  private final FaultPlan plan;
  private final Executor executor;

  FaultyRuns(FaultPlan plan, Executor executor) {
    this.plan = plan;
    this.executor = executor;
  }

  /** The fault that hits this invocation; it counts as happened. */
  Optional<Fault> faultFor(HostedFunction function, Invocation invocation) {
    return plan.take(function.definition().name(), invocation.payload());
  }

  /**
   * Runs the invocation as the fault says.
   *
   * @return empty when no environment is free
   */
  Optional<Outcome> run(HostedFunction function, Invocation invocation, Optional<Fault> fault)
      throws IOException, InterruptedException {
    Optional<ExecutionEnvironment> acquired = function.pool().tryAcquire();
    if (acquired.isEmpty()) {
      fault.ifPresent(plan::putBack);
      return Optional.empty();
    }
    ExecutionEnvironment environment = acquired.get();
    Optional<String> name = fault.map(planned -> planned.kind().name());
    if (fault.isEmpty()) {
      return Optional.of(function.run(environment, invocation, name));
    }
    return Optional.of(
        switch (fault.get().kind()) {
          case DUPLICATE_FIRST -> twice(function, environment, invocation, name, 1);
          case DUPLICATE_LAST -> twice(function, environment, invocation, name, 2);
          case CRASH -> {
            function.crashLater(environment, fault.get().millis());
            yield function.run(environment, invocation, name);
          }
          case DELAY_ANSWER -> {
            Outcome outcome = function.run(environment, invocation, name);
            Thread.sleep(fault.get().millis());
            yield outcome;
          }
          default -> function.run(environment, invocation, name);
        });
  }

  private Outcome twice(
      HostedFunction function,
      ExecutionEnvironment environment,
      Invocation invocation,
      Optional<String> name,
      int answerOf)
      throws IOException, InterruptedException {
    Invocation copy =
        new Invocation(
            UUID.randomUUID().toString(), invocation.payload(), invocation.clientContext());
    ExecutionEnvironment other = function.pool().acquireExtra();
    LinkedBlockingQueue<Optional<Outcome>> ended = new LinkedBlockingQueue<>(2);
    CountDownLatch begun = new CountDownLatch(2);
    executor.execute(() -> ended.add(attempt(function, environment, invocation, name, begun)));
    executor.execute(() -> ended.add(attempt(function, other, copy, name, begun)));
    Optional<Outcome> last = ended.take();
    if (answerOf == 2) {
      last = ended.take();
    }
    return last.orElseThrow(() -> new IOException("an environment could not start"));
  }

  private static Optional<Outcome> attempt(
      HostedFunction function,
      ExecutionEnvironment environment,
      Invocation invocation,
      Optional<String> name,
      CountDownLatch begun) {
    try {
      begun.countDown();
      begun.await();
      return Optional.of(function.run(environment, invocation, name));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
