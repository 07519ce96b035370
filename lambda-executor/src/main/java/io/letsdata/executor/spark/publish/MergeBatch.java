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

/**
 * The merges of one exchange: which are still to send, and whether their stage waits. Thread-safe.
 */
final class MergeBatch {
  private final LongSupplier nanoClock;
  private final long untilNanos;
  private final Set<String> dispatches = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  // Guarded by this.
  private final Deque<MergeJob> waiting;
  private int inFlight;
  private boolean wanted = true;

  /**
   * @param atMost how long the stage waits, from now
   */
  MergeBatch(Collection<MergeJob> jobs, Duration atMost, LongSupplier nanoClock) {
    this.waiting = new ArrayDeque<>(jobs);
    this.nanoClock = nanoClock;
    this.untilNanos = nanoClock.getAsLong() + atMost.toNanos();
  }

  /** How much longer the stage waits; at least a millisecond, in which no merge can succeed. */
  Duration left() {
    long millis = Duration.ofNanos(untilNanos - nanoClock.getAsLong()).toMillis();
    return Duration.ofMillis(Math.max(1, millis));
  }

  /** Ids of the dispatches in flight; the sender adds and removes them. */
  Set<String> dispatches() {
    return dispatches;
  }

  /** The next merge to send, in flight until {@link #ended}; empty when none must be sent. */
  synchronized Optional<MergeJob> next() {
    Optional<MergeJob> job = Optional.ofNullable(waiting.pollFirst());
    inFlight += job.isPresent() ? 1 : 0;
    return job;
  }

  /** A merge that was in flight has ended, in whatever way. */
  void ended() {
    boolean last;
    synchronized (this) {
      inFlight--;
      last = inFlight == 0 && waiting.isEmpty();
    }
    if (last) {
      over.complete(null);
    }
  }

  /** No more merges are sent; those in flight may still succeed. */
  synchronized void sendNoMore() {
    wanted = false;
    waiting.clear();
  }

  /** The stage does not wait any longer, and no more merges are sent. */
  void giveUp() {
    sendNoMore();
    over.complete(null);
  }

  /** Whether merges may still be sent. */
  synchronized boolean isWanted() {
    return wanted;
  }

  /** Completes when all merges have ended, or the stage does not wait any longer. */
  CompletableFuture<Void> over() {
    return over;
  }
}
