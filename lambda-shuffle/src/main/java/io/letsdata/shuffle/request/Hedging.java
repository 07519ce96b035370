// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.request;

import io.letsdata.options.Internal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a request takes so long that it is sent a second time. Learns from the requests of
 * this process how long a request of a size takes, and keeps the extra requests below a small share
 * of all, reads and writes together. Thread-safe; its creator closes it.
 *
 * <p>A GET is late after {@value #LATENESS} times the 95th percentile of the latest {@value
 * #SAMPLES} of about its size: S3's tail is a hundred times its median and hardly depends on the
 * object, so that a second try is nearly always fast. One percentile a size class stands for
 * latency and throughput both.
 */
@Internal
public final class Hedging implements AutoCloseable {
  private static final int LATENESS = 2;
  private static final int SAMPLES = 128;
  private static final int MIN_SAMPLES = 32;
  private static final long MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int SIZE_CLASSES = 32;

  /** The most extra requests that a quiet period saves for a burst. */
  private static final double MAX_BUDGET = 4;

  private final double share;
  private final Map<Kind, SizeClass[]> classes = new EnumMap<>(Kind.class);
  private final ScheduledThreadPoolExecutor timer;
  private double budget = 1;
  private long hedges;

  /** Kinds of requests; durations are compared within one kind. */
  public enum Kind {
    /** Of segments. */
    GET,
    /** Of a whole output. */
    PUT,
    /** The columns of an offsets table, and its header when it has not been read yet. */
    TABLE
  }

  /** Durations of the latest GETs of one size class; the percentile is computed now and then. */
  private static final class SizeClass {
    final long[] nanos = new long[SAMPLES];
    long count;
    long lateNanos;

    void add(long duration) {
      nanos[(int) (count++ % SAMPLES)] = duration;
      if (count >= MIN_SAMPLES && count % (MIN_SAMPLES / 2) == 0) {
        long[] sorted = Arrays.copyOf(nanos, (int) Math.min(count, SAMPLES));
        Arrays.sort(sorted);
        lateNanos = Math.max(MIN_NANOS, LATENESS * sorted[sorted.length * 95 / 100]);
      }
    }
  }

  /**
   * Knows no durations yet: nothing is late before it has seen {@value #MIN_SAMPLES} of a size.
   *
   * @param share of extra requests at most, such as 0.01; 0 sends none
   */
  public Hedging(double share) {
    this.share = share;
    for (Kind kind : Kind.values()) {
      SizeClass[] ofKind = new SizeClass[SIZE_CLASSES];
      Arrays.setAll(ofKind, i -> new SizeClass());
      classes.put(kind, ofKind);
    }
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            job -> {
              Thread thread = new Thread(job, "letsdata-shuffle-hedges");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(10, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  /** A GET has succeeded. */
  public void completed(long bytes, long nanos) {
    completed(Kind.GET, bytes, nanos);
  }

  /** A request has succeeded. */
  public synchronized void completed(Kind kind, long bytes, long nanos) {
    sizeClass(kind, bytes).add(nanos);
    budget = Math.min(MAX_BUDGET, budget + share);
  }

  /** After how long a GET of this size is late; empty before enough requests were measured. */
  public OptionalLong lateAfterNanos(long bytes) {
    return lateAfterNanos(Kind.GET, bytes);
  }

  /** After how long such a request is late; empty before enough requests were measured. */
  synchronized OptionalLong lateAfterNanos(Kind kind, long bytes) {
    long late = sizeClass(kind, bytes).lateNanos;
    return late == 0 || share == 0 ? OptionalLong.empty() : OptionalLong.of(late);
  }

  /** Whether one more request may be sent; it is then counted. */
  public synchronized boolean take() {
    if (budget < 1) {
      return false;
    }
    budget--;
    hedges++;
    return true;
  }

  /** Extra requests so far. */
  public synchronized long hedges() {
    return hedges;
  }

  /** Runs the action later, unless cancelled; never once this is closed. */
  @Nullable
  public ScheduledFuture<?> after(long nanos, Runnable action) {
    try {
      return timer.schedule(action, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) { // the process is shutting down
      return null;
    }
  }

  private SizeClass sizeClass(Kind kind, long bytes) {
    int index = Math.min(SIZE_CLASSES - 1, 64 - Long.numberOfLeadingZeros(bytes >> 14));
    return Objects.requireNonNull(classes.get(kind))[index];
  }

  /** No further request is late. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
