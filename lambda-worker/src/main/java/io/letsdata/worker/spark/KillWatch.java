package io.letsdata.worker.spark;

import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for the driver's kill flag while a task runs: one HEAD after 2 s, then at growing pauses up
 * to 15 s, so a short task costs none. Closed by the thread that opened it.
 */
final class KillWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KillWatch.class);
  private static final long LONGEST_MILLIS = 15_000;

  private final ObjectStore store;
  private final ObjectLocation flag;
  private final long firstMillis;
  private final Runnable kill;
  private final Thread thread = new Thread(this::watch, "letsdata-kill-watch");

  private KillWatch(ObjectStore store, ObjectLocation flag, long firstMillis, Runnable kill) {
    this.store = store;
    this.flag = flag;
    this.firstMillis = firstMillis;
    this.kill = kill;
  }

  static KillWatch start(ObjectStore store, ObjectLocation flag, long firstMillis, Runnable kill) {
    KillWatch watch = new KillWatch(store, flag, firstMillis, kill);
    watch.thread.setDaemon(true);
    watch.thread.start();
    return watch;
  }

  private void watch() {
    long pause = firstMillis;
    try {
      while (true) {
        Thread.sleep(pause);
        if (raised()) {
          kill.run();
          return;
        }
        pause = Math.min(Math.max(pause, 1) * 3 / 2, LONGEST_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean raised() {
    try {
      return store.stat(flag).isPresent();
    } catch (IOException e) {
      LOG.warn("Cannot look for the kill flag; looking again later", e);
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
