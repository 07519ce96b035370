// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.offsets.TableCache;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.store.ObjectStore;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The things that all shuffle tasks of one process share: threads, hedging, accounts, the cache of
 * offsets tables, and the runtime. Thread-safe; the shuffle manager closes it.
 */
@Internal
public final class ShuffleContext implements AutoCloseable {
  private static final int MAX_FETCH_THREADS = 64;

  private final TaskLimits limits;
  private final MapPlaces places;
  private final Supplier<ShuffleRuntime> session;
  private final ExecutorService threads = fetchThreads();
  private final Hedging hedging;
  private final ShuffleAccounts accounts;
  private final TableCache tables;
  private @Nullable ShuffleRuntime runtime;

  /**
   * Starts no thread and sends no request.
   *
   * @param places the locations of map outputs
   * @param hedgeShare of requests that may be sent twice, such as 0.01
   * @param session makes the runtime with its first use, unless {@link #bind} comes before
   */
  public ShuffleContext(
      TaskLimits limits, MapPlaces places, double hedgeShare, Supplier<ShuffleRuntime> session) {
    this.limits = limits;
    this.places = places;
    this.session = session;
    this.hedging = new Hedging(hedgeShare);
    this.accounts = new ShuffleAccounts(hedging);
    this.tables = new TableCache(threads, hedging);
  }

  /**
   * Sets the runtime. Called once, before the first task.
   *
   * @throws IllegalStateException when there is a runtime already
   */
  public synchronized void bind(ShuffleRuntime newRuntime) {
    if (runtime != null) {
      throw new IllegalStateException(
          "Cannot bind the shuffle manager: it is bound already, to " + runtime + ".");
    }
    runtime = newRuntime;
  }

  /** The runtime of this process. */
  public synchronized ShuffleRuntime runtime() {
    ShuffleRuntime current = runtime;
    if (current == null) {
      current = session.get();
      runtime = current;
    }
    return current;
  }

  /** The store, on the account of this process and of no task. */
  public ObjectStore store() {
    return accounts.process().metered(runtime().store());
  }

  /** The place of the application's shuffle objects, with {@link #store}. */
  public ShuffleHome home() {
    return new ShuffleHome(store(), layout());
  }

  /** The keys of the application's shuffle objects. */
  public ShuffleLayout layout() {
    return new ShuffleLayout(runtime().root());
  }

  /**
   * The codes of a shuffle's segments.
   *
   * @throws IllegalStateException when neither this process nor the handle has the key
   */
  public SegmentSeal seal(S3ShuffleHandle handle) {
    return new SegmentSeal(runtime().key().orElseGet(handle::key), handle.shuffleId());
  }

  /** The bounds of each task. */
  public TaskLimits limits() {
    return limits;
  }

  /** The locations that Spark sees for map outputs. */
  public MapPlaces places() {
    return places;
  }

  /** The threads on which requests run; not those of tasks. */
  public Executor executor() {
    return threads;
  }

  /** Decides which late requests are sent twice. */
  public Hedging hedging() {
    return hedging;
  }

  /** The accounts of this process's tasks. */
  public ShuffleAccounts accounts() {
    return accounts;
  }

  /** The offsets tables that this process has read. */
  public TableCache tables() {
    return tables;
  }

  /** Stops threads and hedging; requests under way end. */
  @Override
  public void close() {
    hedging.close();
    threads.shutdownNow();
  }

  private static ExecutorService fetchThreads() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            MAX_FETCH_THREADS,
            MAX_FETCH_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // bounded by what readers have in flight
            job -> {
              Thread thread = new Thread(job, "letsdata-shuffle-fetch-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
