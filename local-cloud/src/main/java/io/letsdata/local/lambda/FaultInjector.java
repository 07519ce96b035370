// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import io.letsdata.local.admin.Fault;
import io.letsdata.local.environment.ExecutionEnvironment;
import io.letsdata.local.environment.FunctionInvocation;
import io.letsdata.local.environment.InvocationOutcome;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/** Runs invocations with the faults that tests planned. Thread-safe. */
final class FaultInjector {

  private final FaultPlan plan;
  private final Executor executor;

  FaultInjector(FaultPlan plan, Executor executor) {
    this.plan = plan;
    this.executor = executor;
  }

  /** The fault that hits this invocation; it counts as happened. */
  Optional<Fault> faultFor(DeployedFunction function, FunctionInvocation invocation) {
    return plan.take(function.definition().name(), invocation.payload());
  }

  /**
   * Runs the invocation as the fault says.
   *
   * @return empty when no environment is free
   */
  Optional<InvocationOutcome> run(
      DeployedFunction function, FunctionInvocation invocation, Optional<Fault> fault)
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
          case DUPLICATE_FIRST -> inTwoEnvironments(function, environment, invocation, name, 1);
          case DUPLICATE_LAST -> inTwoEnvironments(function, environment, invocation, name, 2);
          case CRASH -> {
            function.crashLater(environment, fault.get().millis());
            yield function.run(environment, invocation, name);
          }
          case DELAY_ANSWER -> {
            InvocationOutcome outcome = function.run(environment, invocation, name);
            Thread.sleep(fault.get().millis());
            yield outcome;
          }
          default -> function.run(environment, invocation, name);
        });
  }

  private InvocationOutcome inTwoEnvironments(
      DeployedFunction function,
      ExecutionEnvironment environment,
      FunctionInvocation invocation,
      Optional<String> name,
      int respondent)
      throws IOException, InterruptedException {
    FunctionInvocation second =
        new FunctionInvocation(
            UUID.randomUUID().toString(), invocation.payload(), invocation.clientContext());
    ExecutionEnvironment other = function.pool().acquireExtra();
    LinkedBlockingQueue<Optional<InvocationOutcome>> ended = new LinkedBlockingQueue<>(2);
    CountDownLatch begun = new CountDownLatch(2);
    executor.execute(() -> ended.add(attempt(function, environment, invocation, name, begun)));
    executor.execute(() -> ended.add(attempt(function, other, second, name, begun)));
    Optional<InvocationOutcome> last = ended.take();
    if (respondent == 2) {
      last = ended.take();
    }
    return last.orElseThrow(
        () ->
            new IOException(
                "Cannot run the duplicate of an invocation: an environment did not start."));
  }

  private static Optional<InvocationOutcome> attempt(
      DeployedFunction function,
      ExecutionEnvironment environment,
      FunctionInvocation invocation,
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
