// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import io.letsdata.local.admin.InvocationRecord;
import io.letsdata.local.environment.EnvironmentPool;
import io.letsdata.local.environment.ExecutionEnvironment;
import io.letsdata.local.environment.FunctionDefinition;
import io.letsdata.local.environment.FunctionInvocation;
import io.letsdata.local.environment.InvocationOutcome;
import io.letsdata.local.environment.RateLimit;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A function with its environments, its rate limit and the records of its invocations. Thread-safe;
 * the service closes it.
 */
final class DeployedFunction implements AutoCloseable {

  private static final int RECORDS_KEPT = 100_000;

  private final AtomicReference<FunctionDefinition> definition;
  private final String codeSha256;
  private final int concurrency;
  private final EnvironmentPool pool;
  private final RateLimit rateLimit;
  private final ScheduledExecutorService timer;
  private final Deque<InvocationRecord> records = new ArrayDeque<>();

  /**
   * @param definition as it is now; {@link #update} changes it
   * @param pool makes environments of the definition as it is then
   */
  DeployedFunction(
      AtomicReference<FunctionDefinition> definition,
      String codeSha256,
      int concurrency,
      EnvironmentPool pool,
      RateLimit rateLimit,
      ScheduledExecutorService timer) {
    this.definition = definition;
    this.codeSha256 = codeSha256;
    this.concurrency = concurrency;
    this.pool = pool;
    this.rateLimit = rateLimit;
    this.timer = timer;
  }

  FunctionDefinition definition() {
    return Objects.requireNonNull(definition.get(), "definition");
  }

  /**
   * Gives the function another size. Invocations that run keep the old one; later ones get new
   * environments (developer guide, "Understanding the Lambda execution environment lifecycle").
   */
  void update(FunctionDefinition.Size size) {
    definition.updateAndGet(function -> function.with(size, Map.of()));
    pool.renew();
  }

  /** In Base64. */
  String codeSha256() {
    return codeSha256;
  }

  int concurrency() {
    return concurrency;
  }

  EnvironmentPool pool() {
    return pool;
  }

  RateLimit rateLimit() {
    return rateLimit;
  }

  /** Runs the invocation in {@code environment} and returns the environment to the pool. */
  InvocationOutcome run(
      ExecutionEnvironment environment, FunctionInvocation invocation, Optional<String> fault)
      throws IOException, InterruptedException {
    long started = System.currentTimeMillis();
    try {
      InvocationOutcome outcome = environment.run(invocation);
      remember(environment, invocation, started, outcome, fault);
      return outcome;
    } finally {
      pool.giveBack(environment);
    }
  }

  /** Kills the environment's process after a while. */
  void crashLater(ExecutionEnvironment environment, long millis) {
    var unused = timer.schedule(environment::kill, millis, TimeUnit.MILLISECONDS);
  }

  /** The last invocations, the oldest first. */
  List<InvocationRecord> records() {
    synchronized (records) {
      return List.copyOf(records);
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  private void remember(
      ExecutionEnvironment environment,
      FunctionInvocation invocation,
      long started,
      InvocationOutcome outcome,
      Optional<String> fault) {
    InvocationRecord entry =
        new InvocationRecord(
            invocation.requestId(),
            definition().name(),
            environment.id(),
            environment.pid(),
            outcome.timing().coldStart(),
            started,
            System.currentTimeMillis(),
            outcome.timing().durationMillis(),
            outcome.timing().initMillis(),
            outcome.timing().billedMillis(),
            environment.memoryMb(),
            outcome.memoryUsedMb(),
            invocation.payload().length,
            outcome.response().body().length,
            outcome.response().errorType().orElse(null),
            fault.orElse(null));
    synchronized (records) {
      records.addLast(entry);
      if (records.size() > RECORDS_KEPT) {
        records.removeFirst();
      }
    }
  }
}
