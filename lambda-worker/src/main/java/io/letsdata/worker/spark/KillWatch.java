// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for the driver's kill flag while a task runs: the first HEAD after the time that the
 * payload gives, then at growing pauses up to 15 s. A shorter task costs no request. Closed by the
 * thread that opened it.
 */
final class KillWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KillWatch.class);
  private static final long LONGEST_MILLIS = 15_000;

  private final ScheduledExecutorService timer;
  private final ObjectStore store;
  private final ObjectLocation flag;
  private final Runnable kill;

  // Guarded by this.
  private @Nullable Future<?> next;
  private boolean closed;

  private KillWatch(
      ScheduledExecutorService timer, ObjectStore store, ObjectLocation flag, Runnable kill) {
    this.timer = timer;
    this.store = store;
    this.flag = flag;
    this.kill = kill;
  }

  /** The timer for watches, one thread; the caller shuts it down. */
  static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "letsdata-kill-watch");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true); // the watch of a short task must not stay in the queue
    return timer;
  }

  /**
   * Starts a watch.
   *
   * @param timer belongs to the caller
   * @param flag object that exists once the driver wants the task to end
   * @param firstMillis time until the first look
   * @param kill called at most once, when the flag was seen
   */
  static KillWatch start(
      ScheduledExecutorService timer,
      ObjectStore store,
      ObjectLocation flag,
      long firstMillis,
      Runnable kill) {
    KillWatch watch = new KillWatch(timer, store, flag, kill);
    watch.lookIn(firstMillis);
    return watch;
  }

  private synchronized void lookIn(long millis) {
    if (!closed) {
      next = timer.schedule(() -> look(millis), millis, TimeUnit.MILLISECONDS);
    }
  }

  private void look(long pauseMillis) {
    if (raised()) {
      kill.run();
    } else {
      lookIn(Math.min(Math.max(pauseMillis, 1) * 3 / 2, LONGEST_MILLIS));
    }
  }

  private boolean raised() {
    try {
      return store.stat(flag).isPresent();
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot look for the kill flag; looking again later", e);
      return false;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (next != null) {
      next.cancel(true);
    }
  }
}
