// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.options.InstalledOptions;
import io.letsdata.options.Options;
import io.letsdata.options.UserErrorException;
import io.letsdata.protocol.Leftovers;
import io.letsdata.protocol.RunHeartbeat;
import io.letsdata.shuffle.driver.ExchangeOptions;
import io.letsdata.shuffle.driver.ShuffleOffsets;
import io.letsdata.shuffle.fetch.Merger;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.format.Nonces;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.offsets.TableCache;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.shuffle.request.ShuffleAccount;
import io.letsdata.shuffle.write.PartSender;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.shuffle.BaseShuffleHandle;
import org.apache.spark.shuffle.ShuffleHandle;
import org.apache.spark.shuffle.ShuffleReadMetricsReporter;
import org.apache.spark.shuffle.ShuffleReader;
import org.apache.spark.shuffle.ShuffleWriteMetricsReporter;
import org.apache.spark.shuffle.ShuffleWriter;
import org.apache.spark.shuffle.sort.SortShuffleManager;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Spark's sort shuffle with its outputs in S3: set {@code spark.shuffle.manager} to this class and
 * {@code spark.letsdata.run.location} to where objects may go. Thread-safe; made and stopped by
 * Spark, one a process.
 *
 * <p>It extends {@link SortShuffleManager} because Spark SQL copies every row for any other manager
 * (ShuffleExchangeExec.needToCopyObjectsBeforeShuffle, Spark 3.5.9), and because its choice among
 * writers is right as it is ({@link Writers}).
 */
public final class S3ShuffleManager extends SortShuffleManager {
  private static final String PLUGIN = "spark.shuffle.sort.io.plugin.class";
  private static final String SHUFFLE_TRACKING = "spark.dynamicAllocation.shuffleTracking.enabled";
  private static final int MAX_FETCH_THREADS = 64;

  private final SparkConf conf;
  private final boolean isDriver;
  private final ShuffleSettings settings;
  private final ShuffleOffsets driverOffsets;
  private final PlanLog plans;
  private final TableCache tables;

  private final ExecutorService fetchThreads = fetchThreads();
  private final Hedging hedging;
  private final ShuffleAccounts accounts;
  private @Nullable ShuffleRuntime runtime;
  private @Nullable RunHeartbeat heartbeat;

  /**
   * For Spark, which calls it.
   *
   * @throws UserErrorException when a setting is missing, wrong, or contradicts a shuffle over S3,
   *     naming it
   */
  public S3ShuffleManager(SparkConf conf, boolean isDriver) {
    super(requirePlugin(conf));
    this.conf = conf;
    this.isDriver = isDriver;
    Options options = SessionRuntime.optionsOf(conf);
    if (isDriver) { // an executor may have fewer modules than the driver whose settings it gets
      requireKnownSettings(conf);
    }
    this.settings = ShuffleSettings.from(options);
    this.hedging = new Hedging(settings.hedgeShare());
    this.accounts = new ShuffleAccounts(hedging);
    this.tables = new TableCache(fetchThreads, hedging);
    this.driverOffsets = new ShuffleOffsets(this::home, settings.bounds(), tables);
    this.plans = new PlanLog(driverOffsets, settings.exchange());
    refuse(conf, "spark.shuffle.push.enabled", "outputs do not pass through shuffle services");
    refuse(conf, "spark.shuffle.useOldFetchProtocol", "map ids must be unique in the application");
    refuse(
        conf,
        "spark.files.fetchFailure.unRegisterOutputOnHost",
        "one lost output would drop all, which share a host");
    if (isDriver) {
      // Else an executor stays as long as a shuffle it wrote for, which does not need it
      // (ExecutorMonitor asks for the setting alone, Spark 3.5.9).
      conf.setIfMissing(SHUFFLE_TRACKING, "false");
      SessionRuntime.runLocation(options);
      refuseCombined();
      if (!isLambdaMaster()) {
        ExecutorClassPath.check(conf);
        SessionRuntime.claimRoot(conf);
      }
    }
  }

  private static void requireKnownSettings(SparkConf conf) {
    InstalledOptions.load().requireKnownSettings(Stream.of(conf.getAll()).map(Tuple2::_1).toList());
  }

  private void refuseCombined() {
    if (settings.exchange().mode() == ExchangeOptions.Mode.COMBINED && !isLambdaMaster()) {
      throw new UserErrorException(
          "Cannot combine shuffle outputs on master "
              + conf.get("spark.master", "")
              + ": merging needs a Lambda function. Set "
              + ShuffleOptions.EXCHANGE
              + "=auto, or use a lambda:// master.");
    }
  }

  /**
   * Tells where this process's tasks find store, keys and offsets. Called once, before the first
   * task.
   *
   * @throws IllegalStateException when the manager has a runtime already
   */
  public synchronized void bind(ShuffleRuntime newRuntime) {
    if (runtime != null) {
      throw new IllegalStateException(
          "Cannot bind the shuffle manager: it is bound already, to " + runtime + ".");
    }
    runtime = newRuntime;
  }

  /**
   * What map attempts wrote, on the driver; on an executor without {@link #bind} it stays empty.
   */
  public ShuffleOffsets driverOffsets() {
    return driverOffsets;
  }

  /** What the session says about combining; for the master that can. */
  public ExchangeOptions exchangeOptions() {
    return settings.exchange();
  }

  /**
   * Carries out a merge in this process: {@link Merger#run}. For workers, after {@link #bind}.
   *
   * @param table the shuffle's offsets, as its reduce tasks get them
   * @param whileWaiting called about ten times a second; may throw to give up
   * @throws IOException when it did not work out, which costs the query nothing but the merge
   */
  public MergeReport merge(OffsetsTable table, MergeJob job, Runnable whileWaiting)
      throws IOException {
    return new Merger(home(), tables, settings.limits(), fetchThreads, hedging)
        .run(table, job, whileWaiting);
  }

  @Override
  public <K, V> ShuffleWriter<K, V> getWriter(
      ShuffleHandle handle, long mapId, TaskContext context, ShuffleWriteMetricsReporter metrics) {
    ShuffleRuntime current = runtime();
    S3ShuffleHandle own = (S3ShuffleHandle) handle;
    ShuffleAccount account = accounts.open(context, own.accumulator());
    PartSender sender =
        new PartSender(
            account.metered(current.store()),
            fetchThreads,
            hedging,
            context::killTaskIfInterrupted);
    MapAttempt attempt =
        new MapAttempt(
            current,
            sender,
            account,
            handle.shuffleId(),
            new MapRef(mapId, Nonces.next()),
            settings,
            metrics);
    return new MapOutputShuffleWriter<>(
        Writers.make(own, attempt, context, metrics), attempt, current);
  }

  @Override
  public <K, C> ShuffleReader<K, C> getReader(
      ShuffleHandle handle,
      int startMapIndex,
      int endMapIndex,
      int startPartition,
      int endPartition,
      TaskContext context,
      ShuffleReadMetricsReporter metrics) {
    S3ShuffleHandle own = (S3ShuffleHandle) handle;
    BaseShuffleHandle<K, ?, C> base = own.base();
    var blocks =
        SparkEnv.get()
            .mapOutputTracker()
            .getMapSizesByExecutorId(
                handle.shuffleId(), startMapIndex, endMapIndex, startPartition, endPartition);
    return new S3ShuffleReader<>(
        this,
        accounts.open(context, own.accumulator()),
        base.dependency(),
        WantedOutput.from(blocks),
        startPartition,
        endPartition,
        context,
        metrics);
  }

  @Override
  public void stop() {
    super.stop();
    hedging.close();
    fetchThreads.shutdownNow();
  }

  synchronized ShuffleRuntime runtime() {
    ShuffleRuntime current = runtime;
    if (current == null) {
      Optional<ShuffleOffsets> own = isDriver ? Optional.of(driverOffsets) : Optional.empty();
      current = SessionRuntime.from(conf, own, fetchThreads);
      runtime = current;
    }
    return current;
  }

  /** Fails when the store lacks something. The Lambda master has looked already. */
  void check() {
    if (settings.startCheck() && !isLambdaMaster()) {
      SessionRuntime.check(conf);
    }
  }

  private boolean isLambdaMaster() {
    return isLambdaMaster(conf);
  }

  static boolean isLambdaMaster(SparkConf conf) {
    return conf.get("spark.master", "").contains("lambda://");
  }

  /** The Lambda master's driver gives a sign of life by itself, others from their first shuffle. */
  @Override
  public <K, V, C> ShuffleHandle registerShuffle(
      int shuffleId, ShuffleDependency<K, V, C> dependency) {
    if (isDriver && !isLambdaMaster()) {
      beat();
    }
    return new S3ShuffleHandle(
        super.registerShuffle(shuffleId, dependency),
        accounts.register(dependency.rdd().context(), shuffleId));
  }

  private synchronized void beat() {
    if (heartbeat == null) {
      ShuffleRuntime current = runtime();
      heartbeat = RunHeartbeat.start(current.store(), current.root());
    }
  }

  /**
   * The application ends: takes the sign of life back, at most one DELETE, and what nobody reported
   * ({@link Leftovers}). Nothing in an application without a shuffle; the Lambda master's driver
   * cleans up by itself.
   */
  void end() {
    RunHeartbeat beating;
    synchronized (this) {
      beating = heartbeat;
    }
    if (beating != null) {
      beating.close();
      Leftovers.delete(store(), runtime().root(), Leftovers.AT_MOST);
    }
  }

  ShuffleAccounts accounts() {
    return accounts;
  }

  /** The store, on this process's account and no task's. */
  ObjectStore store() {
    return accounts.process().metered(runtime().store());
  }

  ShuffleSettings settings() {
    return settings;
  }

  Hedging hedging() {
    return hedging;
  }

  Executor fetchExecutor() {
    return fetchThreads;
  }

  /**
   * The best index at hand for a reader of the outputs wanted: shipped offsets, at most 2 GETs a
   * table; the registry in the driver's own process; or none.
   *
   * @param whileWaiting called about ten times a second; may throw to give up
   */
  MapOutputIndex index(
      int shuffleId,
      int startPartition,
      int endPartition,
      List<MapRef> wanted,
      Runnable whileWaiting)
      throws IOException {
    Optional<MapOutputIndex> shipped =
        new ShippedOffsets(runtime(), home(), tables)
            .index(shuffleId, startPartition, endPartition, wanted, whileWaiting);
    if (shipped.isPresent() || !isDriver) {
      return shipped.orElseGet(MapOutputIndex::unknown);
    }
    plans.reading(shuffleId, () -> S3ShuffleDriverComponents.tracked(shuffleId));
    return driverOffsets.index(shuffleId, startPartition, endPartition);
  }

  /** Tells the driver's log how a shuffle is read. */
  PlanLog plans() {
    return plans;
  }

  private ShuffleHome home() {
    ShuffleRuntime current = runtime();
    return new ShuffleHome(store(), new ShuffleLayout(current.root()));
  }

  private static SparkConf requirePlugin(SparkConf conf) {
    String plugin = conf.get(PLUGIN, S3ShuffleDataIO.class.getName());
    if (!plugin.equals(S3ShuffleDataIO.class.getName())) {
      throw new UserErrorException(
          "Cannot shuffle over S3: "
              + PLUGIN
              + " is "
              + plugin
              + ". Remove it, or set it to "
              + S3ShuffleDataIO.class.getName()
              + ".");
    }
    return conf.set(PLUGIN, plugin);
  }

  private static void refuse(SparkConf conf, String key, String why) {
    if (conf.getBoolean(key, false)) {
      throw new UserErrorException(
          "Cannot shuffle over S3 with " + key + "=true: " + why + ". Remove the setting.");
    }
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
