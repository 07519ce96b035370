// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.shuffle.format.MergeJob;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The merges of one exchange: which still wait, and whether anybody does. Thread-safe. */
final class MergeBatch {
  private final LongSupplier nanoClock;
  private final long untilNanos;
  private final Set<String> dispatches = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  // Guarded by this.
  private final Deque<MergeJob> waiting;
  private int underWay;
  private boolean wanted = true;

  /**
   * @param atMost from now, how long anybody waits
   */
  MergeBatch(Collection<MergeJob> jobs, Duration atMost, LongSupplier nanoClock) {
    this.waiting = new ArrayDeque<>(jobs);
    this.nanoClock = nanoClock;
    this.untilNanos = nanoClock.getAsLong() + atMost.toNanos();
  }

  /** How long anybody waits from now on; at least a millisecond, which is nothing to a worker. */
  Duration left() {
    long millis = Duration.ofNanos(untilNanos - nanoClock.getAsLong()).toMillis();
    return Duration.ofMillis(Math.max(1, millis));
  }

  /** The dispatches under way. Shared with whoever sends them. */
  Set<String> dispatches() {
    return dispatches;
  }

  /** The next to send, which is under way until {@link #ended}; empty when none shall be sent. */
  synchronized Optional<MergeJob> next() {
    Optional<MergeJob> job = Optional.ofNullable(waiting.pollFirst());
    underWay += job.isPresent() ? 1 : 0;
    return job;
  }

  /** One has ended, however it did. */
  void ended() {
    boolean last;
    synchronized (this) {
      underWay--;
      last = underWay == 0 && waiting.isEmpty();
    }
    if (last) {
      over.complete(null);
    }
  }

  /** None is sent from now on; those under way may still end. */
  synchronized void sendNoMore() {
    wanted = false;
    waiting.clear();
  }

  /** Nobody waits any longer: none is sent from now on. */
  void giveUp() {
    sendNoMore();
    over.complete(null);
  }

  /** Whether it makes sense to send a merge. */
  synchronized boolean isWanted() {
    return wanted;
  }

  /** Completes when all have ended, or nobody waits. */
  CompletableFuture<Void> over() {
    return over;
  }
}
