// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mark of a job that runs, for clean-up: its objects look like leftovers until it commits. The
 * driver stores the object {@code _letsdata/running/<job id>} again every {@link #INTERVAL}, and
 * clean-up keeps what is younger than the oldest job with a live mark ({@link RunningJobs}).
 * Thread-safe.
 *
 * <p>One PUT an interval and one DELETE at the end; none for a job that ends before the first
 * interval, whose objects are younger than anything that clean-up deletes.
 */
final class JobMark {
  /** Time between two marks. */
  static final Duration INTERVAL = Duration.ofMinutes(5);

  /** A mark that is older than this is of a job that ended without deleting it. */
  static final Duration LIVES = INTERVAL.multipliedBy(3);

  private static final Logger LOG = LoggerFactory.getLogger(JobMark.class);

  private final ObjectStore store;
  private final ObjectLocation location;
  private final Duration every;
  private final LongSupplier nanos;
  private final Clock clock;
  private @Nullable ScheduledExecutorService timer;
  private long beganNanos;
  private long signNanos;
  private long signMillis;
  private boolean lapsed;
  private boolean stored;
  private boolean ended;

  /**
   * @param every time between two marks; {@link #INTERVAL} is the longest that clean-up allows for
   */
  JobMark(ObjectStore store, OutputLayout output, String jobId, Duration every) {
    this(store, output, jobId, every, System::nanoTime, Clock.systemUTC());
  }

  /**
   * @param every time between two marks
   * @param nanos a clock that never steps
   * @param clock one that goes on while the machine sleeps
   */
  JobMark(
      ObjectStore store,
      OutputLayout output,
      String jobId,
      Duration every,
      LongSupplier nanos,
      Clock clock) {
    this.store = store;
    this.every = every;
    this.location = new ObjectLocation(output.bucket(), prefix(output) + jobId);
    this.nanos = nanos;
    this.clock = clock;
    began();
  }

  /** Prefix of all marks of an output. */
  static String prefix(OutputLayout output) {
    return output.letsDataPrefix() + "running/";
  }

  private synchronized void began() {
    beganNanos = nanos.getAsLong();
    signNanos = beganNanos;
    signMillis = clock.millis();
  }

  /**
   * Begins: call it before the first task runs. No request.
   *
   * @param runs whether the application still runs; when it does not, the mark is not renewed
   */
  synchronized void start(BooleanSupplier runs) {
    if (timer != null || ended) {
      return;
    }
    began();
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "letsdata-job-mark");
              thread.setDaemon(true);
              return thread;
            });
    timer = started;
    var unused =
        started.scheduleAtFixedRate(
            () -> {
              if (runs.getAsBoolean()) {
                renew();
              } else {
                started.shutdown();
              }
            },
            every.toMillis(),
            every.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Stores the mark. One PUT; a failure is logged, and the next interval tries again. */
  synchronized void renew() {
    if (ended) {
      return;
    }
    long sentNanos = nanos.getAsLong();
    long sentMillis = clock.millis();
    lapsed |= isLapsed(sentNanos, sentMillis);
    long ageSeconds = Math.max(0, TimeUnit.NANOSECONDS.toSeconds(sentNanos - beganNanos));
    try {
      stored = true;
      String unused = store.put(location, ObjectContent.ofUtf8(Long.toString(ageSeconds)));
      signNanos = sentNanos;
      signMillis = sentMillis;
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot store {}, the mark of a job that runs.", location, e);
    }
  }

  /**
   * Whether clean-up may have taken this job for one that ended, because the mark was not stored
   * for too long: the store refused it, or the machine slept. Renews the mark then. At most one
   * PUT.
   */
  synchronized boolean hasLapsed() {
    lapsed |= isLapsed(nanos.getAsLong(), clock.millis());
    if (lapsed) {
      renew();
    }
    return lapsed;
  }

  // One interval before the end of its life: the time that a request may take.
  private boolean isLapsed(long nowNanos, long nowMillis) {
    long limit = LIVES.minus(INTERVAL).toMillis();
    return TimeUnit.NANOSECONDS.toMillis(nowNanos - signNanos) > limit
        || nowMillis - signMillis > limit;
  }

  /** Ends, with the job committed or given up. One DELETE if a mark was stored; never fails. */
  synchronized void end() {
    if (stop() && stored) {
      try {
        store.delete(List.of(location));
      } catch (IOException | RuntimeException e) {
        LOG.warn("Cannot delete {}; clean-up will.", location, e);
      }
    }
  }

  /** Ends and leaves the mark for the rest of its life, because a request may still arrive. */
  synchronized void leave() {
    boolean unused = stop();
  }

  private synchronized boolean stop() {
    boolean first = !ended;
    ended = true;
    ScheduledExecutorService running = timer;
    if (running != null) {
      running.shutdown();
    }
    return first;
  }
}
