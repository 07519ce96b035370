// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.driver.ExchangeCost;
import io.letsdata.shuffle.driver.ExchangePlan;
import io.letsdata.shuffle.driver.ExchangeShape;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.spark.context.MapLocation;
import io.letsdata.shuffle.spark.context.ShuffleRuntime;
import io.letsdata.shuffle.spark.offsets.OffsetsClient;
import io.letsdata.shuffle.spark.offsets.RpcChannel;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.MapStatus;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import scala.runtime.AbstractFunction1;

/** Stock Spark on local[2] whose shuffle goes to a store in memory. */
public final class ShuffleHarness implements AutoCloseable, ShuffleRuntime {
  /** How reduce tasks learn offsets. */
  public enum Offsets {
    /** From a table, as on the Lambda master. */
    TABLE,
    /** From the objects themselves, as on executors whom nobody tells. */
    FOOTERS,
    /** From the driver's memory, as on a local master. */
    REGISTRY,
    /** From a table, once what it names has been merged; this process is also the worker. */
    MERGED,
    /** From a table in the store, as on the Lambda master when it is large. */
    STORED,
    /** From the driver's answers, as on executors of other masters. */
    MESSAGES
  }

  final InMemoryObjectStore memory = new InMemoryObjectStore("test");
  public final ProbedStore store;
  public final List<MapOutput> committed = new CopyOnWriteArrayList<>();
  final AtomicInteger merges = new AtomicInteger();
  public final SparkSession spark;
  private final Offsets offsets;
  private final Map<List<MapRef>, ObjectLocation> published = new HashMap<>();
  private @Nullable OffsetsClient driver;

  public ShuffleHarness(Offsets offsets, Map<String, String> settings) {
    this(null, offsets, settings);
  }

  /** Over another store than {@link #memory}. */
  ShuffleHarness(@Nullable ObjectStore other, Offsets offsets, Map<String, String> settings) {
    this.store = new ProbedStore(other == null ? memory : other);
    this.offsets = offsets;
    SparkConf conf =
        new SparkConf()
            .setAppName("shuffle")
            .setMaster("local[2,4]")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.letsdata.shuffle.inline-map-size", "0")
            .set("spark.letsdata.shuffle.hedge-share", "0") // tests count requests
            .set("spark.letsdata.shuffle.start-check", "false") // the store is bound later
            .set("spark.shuffle.manager", S3ShuffleManager.class.getName())
            .set("spark.letsdata.run.location", "s3://test/run");
    settings.forEach(conf::set);
    spark = SparkSession.builder().config(conf).getOrCreate();
    spark.sparkContext().setLogLevel("WARN");
    manager().bind(this);
  }

  S3ShuffleManager manager() {
    return (S3ShuffleManager) SparkEnv.get().shuffleManager();
  }

  public JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  @Override
  public ObjectStore store() {
    return store;
  }

  @Override
  public ObjectLocation root() {
    return ObjectLocation.parse("s3://test/run/app");
  }

  @Override
  public Optional<OffsetsTable> offsets(int shuffleId, List<MapRef> wanted, Runnable whileWaiting)
      throws IOException {
    if (offsets == Offsets.REGISTRY) {
      return Optional.empty();
    }
    if (offsets == Offsets.FOOTERS) {
      return Optional.of(
          OffsetsTable.of(manager().registry().tables().table(-1 & 0x7FFF, List.of())));
    }
    if (offsets == Offsets.MESSAGES) {
      return driver().table(store, shuffleId, wanted, whileWaiting);
    }
    if (offsets == Offsets.STORED) {
      return Optional.of(OffsetsTable.at(store, published(shuffleId)));
    }
    if (offsets == Offsets.MERGED) {
      merge(shuffleId);
    }
    return Optional.of(
        OffsetsTable.of(manager().registry().tables().table(shuffleId, winners(shuffleId))));
  }

  @Override
  public Optional<OffsetsTable> offsetsInstead(
      int shuffleId, OffsetsTable unreadable, Runnable whileWaiting) throws IOException {
    return offsets == Offsets.MESSAGES
        ? driver().instead(store, shuffleId, unreadable, whileWaiting)
        : Optional.empty();
  }

  private synchronized OffsetsClient driver() {
    OffsetsClient known = driver;
    if (known == null) {
      RpcChannel endpoint = new RpcChannel(SparkEnv.get().conf());
      known = new OffsetsClient(endpoint, manager().driver().context().executor());
      driver = known;
    }
    return known;
  }

  /** Once for each set of winners. */
  private synchronized ObjectLocation published(int shuffleId) throws IOException {
    List<MapRef> winners = winners(shuffleId);
    ObjectLocation known = published.get(winners);
    if (known == null) {
      OutputRegistry registry = manager().registry();
      known = registry.tables().publish(shuffleId, registry.tables().table(shuffleId, winners));
      published.put(winners, known);
    }
    return known;
  }

  /** As if its tasks ran in a process that has read nothing yet. */
  synchronized void forgetsAnswers() {
    driver = null;
  }

  /** In two groups and two ranges, as far as there are outputs and partitions; once a shuffle. */
  private synchronized void merge(int shuffleId) {
    OutputRegistry registry = manager().registry();
    List<MapRef> winners = winners(shuffleId);
    ExchangeShape shape = registry.shape(shuffleId, winners, 1);
    ExchangeCost unknown = new ExchangeCost(0, 0, 0, 0, 0, 0, 0);
    ExchangePlan plan =
        new ExchangePlan(
            ExchangePlan.Kind.COMBINED,
            Math.max(1, Math.min(2, shape.storedMaps() / 2)),
            Math.max(1, Math.min(2, shape.partitions())),
            64 << 20,
            unknown,
            "");
    OffsetsTable table = OffsetsTable.of(registry.tables().table(shuffleId, winners));
    try {
      for (MergeJob job : registry.planMerges(shuffleId, winners, plan)) {
        registry.addMerged(manager().merge(table, job, () -> {}));
        merges.incrementAndGet();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<MapRef> winners(int shuffleId) {
    List<MapRef> winners = new ArrayList<>();
    ((MapOutputTrackerMaster) SparkEnv.get().mapOutputTracker())
        .shuffleStatuses()
        .apply(shuffleId)
        .withMapStatuses(
            new AbstractFunction1<MapStatus[], Boolean>() {
              @Override
              public Boolean apply(MapStatus[] statuses) {
                for (MapStatus status : statuses) {
                  winners.add(MapLocation.parse(status.location()));
                }
                return true;
              }
            });
    return winners;
  }

  @Override
  public void committed(MapReport report) throws IOException {
    committed.add(report.output());
    manager().registry().add(report);
  }

  /** As an executor of a driver that has looked. */
  @Override
  public IOException explain(IOException failure, String permissions) {
    return SessionRuntime.inExecutor(failure, permissions, root(), true);
  }

  /** Keys of all shuffle objects. */
  public List<String> keys() {
    return memory.keys("test");
  }

  @Override
  public void close() {
    spark.stop();
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
  }
}
