// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.local.admin.EnvironmentInfo;
import io.letsdata.options.Internal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The environments of one function: at most its concurrency, the most recently used first
 * (developer guide, "Lambda function scaling" and "Configuring reserved concurrency for a
 * function"). Thread-safe.
 */
@Internal
public final class EnvironmentPool implements AutoCloseable {

  private final int concurrency;
  private final RateLimit starts;
  private final Supplier<ExecutionEnvironment> factory;

  // Guarded by this.
  private final Deque<ExecutionEnvironment> idle = new ArrayDeque<>();
  private final Set<ExecutionEnvironment> all = new LinkedHashSet<>();
  private final Set<ExecutionEnvironment> outdated = new HashSet<>();
  private long coldStarts;
  private boolean closed;

  /**
   * @param starts rate limit of new environments
   */
  public EnvironmentPool(
      int concurrency, RateLimit starts, Supplier<ExecutionEnvironment> factory) {
    this.concurrency = concurrency;
    this.starts = starts;
    this.factory = factory;
  }

  /**
   * An environment for one invocation, to be given back; empty when all are busy, and when too many
   * have been started of late.
   */
  public synchronized Optional<ExecutionEnvironment> tryAcquire() {
    for (ExecutionEnvironment warm = idle.pollFirst(); warm != null; warm = idle.pollFirst()) {
      if (warm.isUsable()) {
        return Optional.of(warm);
      }
      retire(warm);
    }
    boolean mayStart = all.size() < concurrency && !closed && starts.tryTake();
    return mayStart ? Optional.of(create()) : Optional.empty();
  }

  /** The same, beyond the limit when need be: for the invocations that a fault adds. */
  public synchronized ExecutionEnvironment acquireExtra() {
    return tryAcquire().orElseGet(this::create);
  }

  public synchronized void giveBack(ExecutionEnvironment environment) {
    boolean isCurrent = !outdated.contains(environment);
    if (environment.isUsable() && isCurrent && !closed && all.size() <= concurrency) {
      idle.addFirst(environment);
    } else {
      retire(environment);
    }
  }

  /**
   * Ends environments that have been idle for longer than {@code limit}, or whose process ended
   * while it was frozen.
   */
  public void expire(Duration limit) {
    synchronized (this) {
      for (ExecutionEnvironment environment : List.copyOf(idle)) {
        if (!environment.isUsable() || environment.idleNanos() > limit.toNanos()) {
          idle.remove(environment);
          retire(environment);
        }
      }
    }
  }

  /** Ends the environments that there are, those in use when they are given back. */
  public synchronized void renew() {
    outdated.addAll(all);
    for (ExecutionEnvironment environment : List.copyOf(idle)) {
      idle.remove(environment);
      retire(environment);
    }
  }

  public synchronized List<ExecutionEnvironment> environments() {
    return List.copyOf(all);
  }

  public synchronized List<EnvironmentInfo> infos() {
    return all.stream().map(ExecutionEnvironment::info).toList();
  }

  public synchronized long coldStarts() {
    return coldStarts;
  }

  @Override
  public void close() {
    List<ExecutionEnvironment> rest;
    synchronized (this) {
      closed = true;
      rest = new ArrayList<>(all);
      all.clear();
      idle.clear();
    }
    rest.forEach(ExecutionEnvironment::close);
  }

  private ExecutionEnvironment create() {
    ExecutionEnvironment environment = factory.get();
    all.add(environment);
    coldStarts++;
    return environment;
  }

  private void retire(ExecutionEnvironment environment) {
    all.remove(environment);
    outdated.remove(environment);
    environment.close();
  }
}
