// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.local.admin.EnvironmentInfo;
import io.letsdata.local.process.Reaper;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One execution environment: initialized by its first invocation, then frozen between invocations,
 * not used again after a crash or a timeout (developer guide, "Understanding the Lambda execution
 * environment lifecycle"). One thread at a time runs it; the pool closes it.
 */
@Internal
public final class ExecutionEnvironment implements AutoCloseable {

  private enum State {
    STARTING,
    BUSY,
    IDLE,
    DEAD
  }

  private final String id;
  private final FunctionDefinition function;
  private final FunctionProcess launcher;
  private final EnvironmentLog log;
  private final Reaper reaper;
  private final Executor executor;
  private final Duration initLimit;

  private volatile State state = State.STARTING;
  private volatile @Nullable RuntimeSession session;
  private final AtomicLong invocations = new AtomicLong();
  private volatile long idleSinceNanos;
  private final ResourceUsage usage = new ResourceUsage();

  public ExecutionEnvironment(
      String id, FunctionProcess launcher, Reaper reaper, Executor executor, Duration initLimit) {
    this.id = id;
    this.function = launcher.function();
    this.launcher = launcher;
    this.log = new EnvironmentLog(launcher.log());
    this.reaper = reaper;
    this.executor = executor;
    this.initLimit = initLimit;
  }

  public String id() {
    return id;
  }

  public long pid() {
    RuntimeSession running = session;
    return running == null ? 0 : running.process().pid();
  }

  /** Memory that it has, in MB. */
  public int memoryMb() {
    return function.memoryMb();
  }

  public EnvironmentInfo info() {
    return new EnvironmentInfo(
        id,
        function.name(),
        pid(),
        state.name(),
        invocations.get(),
        usage.peakThreads(),
        usage.peakDescriptors(),
        launcher.bytesInTmp(pid()));
  }

  /** False when it cannot take an invocation any more. */
  boolean isUsable() {
    RuntimeSession running = session;
    return state != State.DEAD && (running == null || running.isAlive());
  }

  /** How long it has been frozen, in nanoseconds. */
  long idleNanos() {
    return System.nanoTime() - idleSinceNanos;
  }

  /** Runs one invocation to its end; a failure of the function is in the outcome. */
  public InvocationOutcome run(FunctionInvocation invocation)
      throws IOException, InterruptedException {
    invocations.incrementAndGet();
    long logStart = log.position();
    boolean cold = session == null;
    double initMillis = 0;
    Optional<Double> failedInit = Optional.empty();
    if (cold) {
      long begin = System.nanoTime();
      String failure = initialize(initLimit);
      double millis = millisSince(begin);
      if (failure.isEmpty()) {
        initMillis = millis;
      } else {
        log.initReport(millis, failure);
        failedInit = Optional.of(millis);
      }
    }
    state = State.BUSY;
    log.start(invocation.requestId());
    long begin = System.nanoTime();
    long deadlineNanos = begin + function.timeout().toNanos();
    long deadlineEpochMillis = System.currentTimeMillis() + function.timeout().toMillis();
    Optional<FunctionResponse> response = Optional.empty();
    boolean retired = false;
    try {
      if (failedInit.isPresent()) {
        // A failed init phase is not fatal: it is done again as part of the invocation, within the
        // function's timeout.
        initializeAgain(deadlineNanos);
      }
      response =
          Optional.of(
              running()
                  .run(invocation, deadlineEpochMillis)
                  .get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      retired = true;
    } catch (ExecutionException e) {
      retired = true;
      response = Optional.of(responseOfExit(e));
    }
    double durationMillis =
        retired && response.isEmpty() ? function.timeout().toMillis() : millisSince(begin);
    usage.finish(running().process());
    if (response.isEmpty()) {
      running().close();
    }
    FunctionResponse last = response.orElseGet(() -> timedOut(invocation));
    InvocationTiming timing = new InvocationTiming(durationMillis, initMillis, cold);
    int memoryUsedMb = (int) (usage.peakBytes() >> 20);
    boolean unusable = retired || !running().isAlive();
    log.end(invocation.requestId(), function.memoryMb(), timing, memoryUsedMb);
    idleSinceNanos = System.nanoTime();
    state = unusable ? State.DEAD : State.IDLE;
    return new InvocationOutcome(
        invocation.requestId(), last, log.tailSince(logStart), timing, memoryUsedMb, unusable);
  }

  /** Kills the process when it uses more memory than the function has. */
  public void enforceMemory() {
    RuntimeSession running = session;
    if (running == null || state == State.IDLE || state == State.DEAD) {
      return;
    }
    long bytes = usage.sample(running.process());
    if (bytes > (long) function.memoryMb() << 20) {
      running.killForMemory();
    }
  }

  /** SIGKILL to the process, as if the host had failed. */
  public void kill() {
    RuntimeSession running = session;
    if (running != null) {
      running.process().kill();
    }
  }

  @Override
  public void close() {
    state = State.DEAD;
    RuntimeSession running = session;
    if (running != null) {
      running.close();
    }
    log.close();
    deleteTree(launcher.temporary());
  }

  private RuntimeSession running() {
    RuntimeSession running = session;
    if (running == null) {
      throw new IllegalStateException("Environment " + id + " has no process");
    }
    return running;
  }

  /** Starts a process. Empty when it became ready, else the status for the log. */
  private String initialize(Duration limit) throws IOException, InterruptedException {
    RuntimeSession started = new RuntimeSession(function, launcher, reaper, executor);
    session = started;
    try {
      started.ready().get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return "";
    } catch (TimeoutException e) {
      started.close();
      return "timeout";
    } catch (ExecutionException e) {
      started.close();
      return "error\tError Type: Runtime.ExitError";
    }
  }

  private void initializeAgain(long deadlineNanos)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    RuntimeSession started = new RuntimeSession(function, launcher, reaper, executor);
    session = started;
    CompletableFuture<Void> ready = started.ready();
    ready.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private static FunctionResponse responseOfExit(ExecutionException e) {
    return e.getCause() instanceof RuntimeExit exit
        ? exit.response()
        : FunctionResponse.failure("Runtime.Unknown", String.valueOf(e.getCause()));
  }

  private FunctionResponse timedOut(FunctionInvocation invocation) {
    String message =
        String.format(
            Locale.ROOT,
            "RequestId: %s Error: Task timed out after %.2f seconds",
            invocation.requestId(),
            function.timeout().toMillis() / 1000.0);
    log.note(message);
    return FunctionResponse.failure("Sandbox.Timedout", message);
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }

  static void deleteTree(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | java.io.UncheckedIOException e) {
      // The rest is removed with the home folder.
    }
  }
}
