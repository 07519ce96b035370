// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.options.Evolving;
import io.letsdata.options.Internal;
import io.letsdata.options.Options;
import io.letsdata.options.UserErrorException;
import io.letsdata.shuffle.driver.ExchangeOptions;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.fetch.Merger;
import io.letsdata.shuffle.format.MapOutputCodec;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.spark.context.MapPlaces;
import io.letsdata.shuffle.spark.context.S3ShuffleHandle;
import io.letsdata.shuffle.spark.context.ShuffleContext;
import io.letsdata.shuffle.spark.context.ShuffleRuntime;
import io.letsdata.shuffle.spark.context.TaskLimits;
import io.letsdata.shuffle.spark.offsets.ReaderOffsets;
import io.letsdata.shuffle.spark.read.ReadRange;
import io.letsdata.shuffle.spark.read.S3ShuffleReader;
import io.letsdata.shuffle.spark.read.WantedOutput;
import io.letsdata.shuffle.spark.write.ShuffleWriters;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.shuffle.ShuffleHandle;
import org.apache.spark.shuffle.ShuffleReadMetricsReporter;
import org.apache.spark.shuffle.ShuffleReader;
import org.apache.spark.shuffle.ShuffleWriteMetricsReporter;
import org.apache.spark.shuffle.ShuffleWriter;
import org.apache.spark.shuffle.sort.SortShuffleManager;

/**
 * Spark's sort shuffle with its outputs in S3: set {@code spark.shuffle.manager} to this class and
 * {@code spark.letsdata.run.location} to the prefix of the objects. Thread-safe; created and
 * stopped by Spark, one a process.
 *
 * <p>It extends {@link SortShuffleManager} because Spark SQL copies every row for any other manager
 * (ShuffleExchangeExec.needToCopyObjectsBeforeShuffle, Spark 3.5.9), and because its choice among
 * writers is right as it is ({@link ShuffleWriters}).
 */
@Evolving
public final class S3ShuffleManager extends SortShuffleManager {
  private static final String SHUFFLE_TRACKING = "spark.dynamicAllocation.shuffleTracking.enabled";

  private final SparkConf conf;
  private final boolean isDriver;
  private final ShuffleSettings settings;
  private final ShuffleContext context;
  private final DriverShuffles driver;

  /**
   * For Spark, which calls it.
   *
   * @throws UserErrorException when a setting is missing, wrong, or contradicts a shuffle over S3,
   *     naming it
   */
  public S3ShuffleManager(SparkConf conf, boolean isDriver) {
    super(SessionRules.requirePlugin(conf));
    this.conf = conf;
    this.isDriver = isDriver;
    Options options = SessionRuntime.optionsOf(conf);
    if (isDriver) { // an executor may have fewer modules than the driver whose settings it gets
      SessionRules.requireKnownSettings(conf);
    }
    this.settings = ShuffleSettings.from(options);
    this.context =
        new ShuffleContext(
            new TaskLimits(settings.limits(), settings.partBytes(), settings.inlineBytes()),
            MapPlaces.of(conf),
            settings.hedgeShare(),
            this::session);
    this.driver = new DriverShuffles(conf, settings, context);
    SessionRules.refuseContradictions(conf);
    if (isDriver) {
      // Else an executor stays as long as a shuffle it wrote for, which does not need it
      // (ExecutorMonitor asks for the setting alone, Spark 3.5.9).
      conf.setIfMissing(SHUFFLE_TRACKING, "false");
      SessionRuntime.runLocation(options);
      SessionRules.refuseCombined(conf, settings.exchange());
      if (!SessionRules.isLambdaMaster(conf)) {
        ExecutorClassPath.check(conf);
        SessionRuntime.claimRoot(conf);
      }
    }
  }

  private ShuffleRuntime session() {
    return SessionRuntime.from(conf, ownRegistry(), context.executor());
  }

  private Optional<OutputRegistry> ownRegistry() {
    return isDriver ? Optional.of(driver.registry()) : Optional.empty();
  }

  /**
   * Sets the runtime from which this process's tasks get store, keys and offsets. Called once,
   * before the first task.
   *
   * @throws IllegalStateException when the manager has a runtime already
   */
  @Internal
  public void bind(ShuffleRuntime newRuntime) {
    context.bind(newRuntime);
  }

  /**
   * The map outputs that were reported to the driver; in an executor without {@link #bind} it stays
   * empty.
   */
  @Internal
  public OutputRegistry registry() {
    return driver.registry();
  }

  /** The session's settings for combining; for a master that can combine. */
  @Internal
  public ExchangeOptions exchangeOptions() {
    return settings.exchange();
  }

  /**
   * Carries out a merge in this process: {@link Merger#run}. For workers, after {@link #bind}.
   *
   * @param table the shuffle's offsets, as its reduce tasks get them
   * @param whileWaiting called about ten times a second; may throw to give up
   * @throws IOException when the merge failed, which costs the query nothing but the merge
   */
  @Internal
  public MergeReport merge(OffsetsTable table, MergeJob job, Runnable whileWaiting)
      throws IOException {
    return new Merger(
            context.home(),
            context.tables(),
            context.limits().fetch(),
            context.executor(),
            context.hedging())
        .run(table, job, whileWaiting);
  }

  @Override
  public <K, V> ShuffleWriter<K, V> getWriter(
      ShuffleHandle handle, long mapId, TaskContext task, ShuffleWriteMetricsReporter metrics) {
    return ShuffleWriters.open(context, (S3ShuffleHandle) handle, mapId, task, metrics);
  }

  @Override
  public <K, C> ShuffleReader<K, C> getReader(
      ShuffleHandle handle,
      int startMapIndex,
      int endMapIndex,
      int startPartition,
      int endPartition,
      TaskContext task,
      ShuffleReadMetricsReporter metrics) {
    S3ShuffleHandle own = (S3ShuffleHandle) handle;
    var blocks =
        SparkEnv.get()
            .mapOutputTracker()
            .getMapSizesByExecutorId(
                handle.shuffleId(), startMapIndex, endMapIndex, startPartition, endPartition);
    return new S3ShuffleReader<>(
        context,
        new ReaderOffsets(context, ownRegistry(), driver.plans()),
        context.accounts().open(task, own.accumulator()),
        own,
        new ReadRange(WantedOutput.from(blocks), startPartition, endPartition),
        task,
        metrics);
  }

  /**
   * A driver's first shuffle starts the application's heartbeat.
   *
   * @throws UserErrorException when there are more partitions than the format of map outputs allows
   */
  @Override
  public <K, V, C> ShuffleHandle registerShuffle(
      int shuffleId, ShuffleDependency<K, V, C> dependency) {
    SessionRules.requireAtMost(MapOutputCodec.MAX_PARTITIONS, shuffleId, dependency.partitioner());
    if (isDriver) {
      driver.beat();
      driver.watch(dependency.rdd().context());
      driver.registry().registered(shuffleId, dependency.partitioner().numPartitions());
    }
    return new S3ShuffleHandle(
        super.registerShuffle(shuffleId, dependency),
        context.accounts().register(dependency.rdd().context(), shuffleId),
        driver.key());
  }

  @Override
  public void stop() {
    super.stop();
    context.close();
  }

  /** The driver's part, for the plugin. */
  DriverShuffles driver() {
    return driver;
  }
}
