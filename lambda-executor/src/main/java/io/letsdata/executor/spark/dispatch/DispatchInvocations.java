// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.protocol.Holder;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The invocations of one dispatch: which are known to have ended, and until when others may be
 * alive. A request that got an error, or no response, may have started an invocation that still
 * runs. Small, because it outlives its dispatch. Thread-safe.
 */
final class DispatchInvocations {
  private final String dispatch;
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> allEnded = new CompletableFuture<>();
  private final LongSupplier nanoClock;
  private volatile long sentNanos;

  DispatchInvocations(String dispatch, LongSupplier nanoClock) {
    this.dispatch = dispatch;
    this.nanoClock = nanoClock;
    this.sentNanos = nanoClock.getAsLong();
  }

  /** Id of the dispatch. */
  String dispatch() {
    return dispatch;
  }

  /** A request is about to be sent. */
  void sending() {
    sentNanos = nanoClock.getAsLong();
  }

  /** Time since the last request was sent; before the first one, since the dispatch began. */
  Duration sinceSent() {
    return Duration.ofNanos(nanoClock.getAsLong() - sentNanos);
  }

  /**
   * How much longer an invocation may be alive; negative when none can be.
   *
   * @param aliveAtMost longest life of an invocation after its request was sent
   */
  Duration left(Duration aliveAtMost) {
    return aliveAtMost.minus(sinceSent());
  }

  /**
   * Notes that one invocation has ended.
   *
   * @param id the worker's nonce of it, or Lambda's id of its request
   */
  void ended(String id) {
    ended.add(id);
  }

  /** Whether the invocation that took a right has ended. */
  boolean hasEnded(Holder holder) {
    return ended.contains(holder.invocation()) || ended.contains(holder.request());
  }

  /** Completes when no invocation of the dispatch can commit any more. */
  CompletableFuture<Void> allEnded() {
    return allEnded;
  }
}
