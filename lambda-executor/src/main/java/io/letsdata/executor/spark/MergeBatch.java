package io.letsdata.executor.spark;

import io.letsdata.shuffle.MergeJob;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The merges of one exchange: which still wait, and whether anybody does. Thread-safe. */
final class MergeBatch {
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  // Guarded by this.
  private final Deque<MergeJob> waiting;
  private int underWay;
  private boolean wanted = true;

  MergeBatch(Collection<MergeJob> jobs) {
    this.waiting = new ArrayDeque<>(jobs);
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

  /** Nobody waits any longer: none is sent from now on. */
  void giveUp() {
    synchronized (this) {
      wanted = false;
      waiting.clear();
    }
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
