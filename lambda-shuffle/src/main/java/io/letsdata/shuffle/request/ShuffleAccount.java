// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.request;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestKind;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts what one task, or one process, does for a shuffle. Thread-safe. */
@Internal
public final class ShuffleAccount {
  private static final int PUTS = 0;
  private static final int GETS = 1;
  private static final int HEADS = 2;
  private static final int LISTS = 3;
  private static final int DELETES = 4;
  private static final int POSTS = 5;
  private static final int BYTES_IN = 6;
  private static final int BYTES_OUT = 7;
  private static final int HEDGES = 8;
  private static final int BROKEN_BODIES = 9;
  private static final int INLINE_OUTPUTS = 10;
  private static final int INLINE_BYTES = 11;
  private static final int FOOTERS = 12;
  private static final int FALLBACKS = 13;
  private static final int COMBINED_SEGMENTS = 14;
  private static final int COMBINED_BYTES = 15;

  /** Length of the array that {@link #take} returns. */
  public static final int COUNTS = 16;

  private final AtomicLongArray counts = new AtomicLongArray(COUNTS);

  /**
   * A store that counts the requests through it; as thread-safe as {@code store}, which it does not
   * close.
   */
  public ObjectStore metered(ObjectStore store) {
    return new MeteredStore(store, this);
  }

  void sent(RequestKind kind, long bytes) {
    counts.incrementAndGet(index(kind));
    counts.addAndGet(BYTES_OUT, bytes);
  }

  private static int index(RequestKind kind) {
    return switch (kind) {
      case PUT -> PUTS;
      case GET -> GETS;
      case HEAD -> HEADS;
      case LIST -> LISTS;
      case DELETE -> DELETES;
      case POST -> POSTS;
    };
  }

  void received(long bytes) {
    counts.addAndGet(BYTES_IN, bytes);
  }

  void bodyBroke() {
    counts.incrementAndGet(BROKEN_BODIES);
  }

  /** Requests that were sent a second time. */
  public void hedged(long requests) {
    counts.addAndGet(HEDGES, requests);
  }

  /** A map output that needed no object. */
  public void keptInline(long bytes) {
    counts.incrementAndGet(INLINE_OUTPUTS);
    counts.addAndGet(INLINE_BYTES, bytes);
  }

  /** Footers are read because no table has the offsets. */
  public void readFooters(long outputs) {
    counts.addAndGet(FOOTERS, outputs);
  }

  /** Segments that were read from the map outputs' own objects because a merged object failed. */
  public void fellBack(long segments) {
    counts.addAndGet(FALLBACKS, segments);
  }

  /** Segments that came from merged objects, and their bytes. */
  public void readCombined(long segments, long bytes) {
    counts.addAndGet(COMBINED_SEGMENTS, segments);
    counts.addAndGet(COMBINED_BYTES, bytes);
  }

  /** Returns the counts since the last call, and sets them to 0. */
  public long[] take() {
    long[] taken = new long[COUNTS];
    Arrays.setAll(taken, i -> counts.getAndSet(i, 0));
    return taken;
  }

  /** Adds counts that {@link #take} returned, here or elsewhere. */
  public void add(long[] taken) {
    for (int i = 0; i < COUNTS; i++) {
      counts.addAndGet(i, taken[i]);
    }
  }

  /** The current counts. */
  public ShuffleReport report() {
    long[] now = new long[COUNTS];
    Arrays.setAll(now, counts::get);
    return report(now);
  }

  /** Gives names to the counts of {@link #take}, or to sums of them. */
  public static ShuffleReport report(long[] taken) {
    return new ShuffleReport(
        new RequestCounts(
            taken[PUTS],
            taken[GETS],
            taken[HEADS],
            taken[LISTS],
            taken[DELETES],
            taken[POSTS],
            taken[BYTES_IN],
            taken[BYTES_OUT],
            0),
        taken[HEDGES],
        taken[BROKEN_BODIES],
        taken[INLINE_OUTPUTS],
        taken[INLINE_BYTES],
        taken[FOOTERS],
        taken[FALLBACKS],
        taken[COMBINED_SEGMENTS],
        taken[COMBINED_BYTES]);
  }
}
