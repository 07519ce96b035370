// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.protocol.Holder;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The runs of one dispatch: which are known to have ended, and until when others may be alive. A
 * request that was answered by an error, or not at all, may have run and may still run. Small,
 * since it outlives its dispatch. Thread-safe.
 */
final class DispatchRuns {
  private final String dispatch;
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final LongSupplier nanoClock;
  private volatile long sentNanos;

  DispatchRuns(String dispatch, LongSupplier nanoClock) {
    this.dispatch = dispatch;
    this.nanoClock = nanoClock;
    this.sentNanos = nanoClock.getAsLong();
  }

  String dispatch() {
    return dispatch;
  }

  /** A request is about to be sent. */
  void sending() {
    sentNanos = nanoClock.getAsLong();
  }

  /** Since the last request was sent; before that, since the dispatch began. */
  Duration sinceSent() {
    return Duration.ofNanos(nanoClock.getAsLong() - sentNanos);
  }

  /**
   * Until when a run may be alive, from now; negative when none can be.
   *
   * @param aliveAtMost how long a run can live after its request was sent
   */
  Duration left(Duration aliveAtMost) {
    return aliveAtMost.minus(sinceSent());
  }

  /**
   * One run has ended.
   *
   * @param id the worker's nonce of it, or Lambda's id of its request
   */
  void ended(String id) {
    ended.add(id);
  }

  /** Whether the run that took a right is one that has ended. */
  boolean hasEnded(Holder holder) {
    return ended.contains(holder.invocation()) || ended.contains(holder.request());
  }

  /** Completes when nothing of the dispatch can commit any more. */
  CompletableFuture<Void> gone() {
    return gone;
  }
}
