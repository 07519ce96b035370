// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heartbeat of an application's driver, for clean-up, which spares applications that have one:
 * the object {@code <root>/alive}, stored again every {@link #INTERVAL}. Only its age by the
 * store's clock counts. Thread-safe; the driver closes it when the application ends.
 *
 * <p>One PUT an interval, $0.00006 an hour; none in an application that ends sooner.
 */
@Internal
public final class RunHeartbeat implements AutoCloseable {
  /** Time between two heartbeats. */
  public static final Duration INTERVAL = Duration.ofMinutes(5);

  /** How long {@link #close} waits for a heartbeat that is being stored. */
  private static final Duration BEAT_AT_MOST = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(RunHeartbeat.class);

  private final ObjectStore store;
  private final ObjectLocation location;
  private final ScheduledExecutorService timer;
  private volatile boolean beaten;
  private volatile boolean closed;

  private RunHeartbeat(ObjectStore store, ObjectLocation root) {
    this.store = store;
    this.location = location(root);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "letsdata-heartbeat");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** The object that is the heartbeat of an application. */
  public static ObjectLocation location(ObjectLocation root) {
    return root.resolve("alive");
  }

  /**
   * Starts the heartbeat. The first one is stored after one interval: until then the objects that
   * the application stores at its start are young enough.
   *
   * @param root the prefix of the application's objects
   */
  public static RunHeartbeat start(ObjectStore store, ObjectLocation root) {
    return start(store, root, INTERVAL);
  }

  static RunHeartbeat start(ObjectStore store, ObjectLocation root, Duration interval) {
    RunHeartbeat heartbeat = new RunHeartbeat(store, root);
    var unused =
        heartbeat.timer.scheduleAtFixedRate(
            heartbeat::beat, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    return heartbeat;
  }

  private void beat() {
    if (closed) {
      return;
    }
    try {
      beaten = true;
      String unused = store.put(location, ObjectContent.of(new byte[0]));
    } catch (IOException e) {
      LOG.warn("Cannot store the heartbeat {}; the next try is in minutes", location, e);
    }
  }

  /**
   * Stops the heartbeat and deletes its object. One that the store has not acknowledged for a
   * second is left to clean-up. At most one DELETE.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    timer.shutdown();
    try {
      if (!timer.awaitTermination(BEAT_AT_MOST.toMillis(), TimeUnit.MILLISECONDS)) {
        timer.shutdownNow();
        LOG.warn("Left the heartbeat {} to clean-up: the store does not respond", location);
        return;
      }
    } catch (InterruptedException e) {
      timer.shutdownNow();
      Thread.currentThread().interrupt();
      return;
    }
    if (beaten) {
      try {
        store.delete(List.of(location));
      } catch (IOException e) {
        LOG.warn("Left the heartbeat {} to clean-up", location, e);
      }
    }
  }
}
