// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import io.letsdata.local.admin.InvocationRecord;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A function with its environments, its rate limit and the record of its runs. Thread-safe; the
 * service closes it.
 */
final class HostedFunction implements AutoCloseable {

  private static final int RECORDS_KEPT = 100_000;

  private final FunctionDefinition definition;
  private final int concurrency;
  private final EnvironmentPool pool;
  private final RateLimit rateLimit;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final Deque<InvocationRecord> records = new ArrayDeque<>();

  HostedFunction(
      FunctionDefinition definition,
      int concurrency,
      EnvironmentPool pool,
      RateLimit rateLimit,
      Executor executor,
      ScheduledExecutorService timer) {
    this.definition = definition;
    this.concurrency = concurrency;
    this.pool = pool;
    this.rateLimit = rateLimit;
    this.executor = executor;
    this.timer = timer;
  }

  FunctionDefinition definition() {
    return definition;
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

  /** Runs the invocation in {@code environment} and gives that back. */
  Outcome run(ExecutionEnvironment environment, Invocation invocation, Optional<String> fault)
      throws IOException, InterruptedException {
    long started = System.currentTimeMillis();
    try {
      Outcome outcome = environment.run(invocation);
      remember(environment, invocation, started, outcome, fault);
      return outcome;
    } finally {
      pool.giveBack(environment);
    }
  }

  /** The same on another thread, nobody waits for it. */
  void runAside(ExecutionEnvironment environment, Invocation invocation, Optional<String> fault) {
    executor.execute(
        () -> {
          try {
            Outcome unused = run(environment, invocation, fault);
          } catch (IOException e) {
            // Its environment could not start; there is nobody to tell.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Kills the environment's process after a while. */
  void crashLater(ExecutionEnvironment environment, long millis) {
    var unused = timer.schedule(environment::kill, millis, TimeUnit.MILLISECONDS);
  }

  /** The last runs, oldest first. */
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
      Invocation invocation,
      long started,
      Outcome outcome,
      Optional<String> fault) {
    InvocationRecord entry =
        new InvocationRecord(
            invocation.requestId(),
            definition.name(),
            environment.id(),
            environment.pid(),
            outcome.coldStart(),
            started,
            System.currentTimeMillis(),
            outcome.durationMillis(),
            outcome.initMillis(),
            outcome.billedMillis(),
            definition.memoryMb(),
            outcome.memoryUsedMb(),
            invocation.payload().length,
            outcome.answer().body().length,
            outcome.answer().errorType().orElse(null),
            fault.orElse(null));
    synchronized (records) {
      records.addLast(entry);
      if (records.size() > RECORDS_KEPT) {
        records.removeFirst();
      }
    }
  }
}
