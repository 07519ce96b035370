// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import io.letsdata.protocol.LogTail;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.worker.spark.Invocation;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this process when an invocation works longer than its payload allows. Lambda ends it at the
 * function's limit; when that was raised after the driver had read it, the driver takes the
 * invocation for ended while it works, and another one may commit the same partition beside it. The
 * driver learns the new limit from the log's last line. A thread only where the function's limit is
 * the longer one. Closed by the thread that opened it.
 */
final class LimitWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LimitWatch.class);

  /** Ends the process. */
  interface End {
    void now(Duration functionLimit);
  }

  private final long untilNanos;
  private boolean closed; // guarded by this

  private LimitWatch(long untilNanos) {
    this.untilNanos = untilNanos;
  }

  /**
   * Starts a watch.
   *
   * @param begunNanos when the invocation began, of {@link System#nanoTime}
   * @param end called when the payload's time has passed, unless the watch was closed before
   */
  static LimitWatch start(TaskPayload payload, Invocation invocation, long begunNanos, End end) {
    Duration limit = Duration.ofMillis(payload.limitMillis());
    LimitWatch watch = new LimitWatch(begunNanos + limit.toNanos());
    if (!limit.isZero() && limit.compareTo(invocation.remaining()) < 0) {
      // Lambda counts whole seconds, and a part of the first one has passed.
      long seconds = invocation.remaining().plusMillis(999).toSeconds();
      Thread thread =
          new Thread(() -> watch.run(end, Duration.ofSeconds(seconds)), "letsdata-limit-watch");
      thread.setDaemon(true);
      thread.start();
    }
    return watch;
  }

  private synchronized void run(End end, Duration functionLimit) {
    for (long left = left(); left > 0 && !closed; left = left()) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        LOG.debug("Code of a task has interrupted the watch, whose limit still holds", e);
      }
    }
    if (!closed) {
      end.now(functionLimit);
    }
  }

  private long left() {
    return untilNanos - System.nanoTime();
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Does not return. */
  static void endProcess(Duration functionLimit) {
    try {
      LOG.info(
          "Ending: the driver counts with no more time, and " + LogTail.RAISED_LIMIT + "{} s",
          functionLimit.toSeconds()); // the last line, which the driver reads
    } finally {
      Runtime.getRuntime().halt(Messages.EXIT_LIMIT_RAISED);
    }
  }
}
