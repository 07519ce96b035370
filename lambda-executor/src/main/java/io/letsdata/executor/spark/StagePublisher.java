package io.letsdata.executor.spark;

import io.letsdata.executor.protocol.Blob;
import io.letsdata.executor.protocol.CachedBlock;
import io.letsdata.executor.protocol.RunLayout;
import io.letsdata.executor.protocol.ShuffleInput;
import io.letsdata.executor.spark.StageInputs.Published;
import io.letsdata.shuffle.MapRef;
import io.letsdata.shuffle.ShuffleOffsets;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.NarrowDependency;
import org.apache.spark.ShuffleStatus;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.scheduler.MapStatus;
import org.apache.spark.scheduler.ResultStage;
import org.apache.spark.scheduler.ShuffleMapStage;
import org.apache.spark.scheduler.Stage;
import org.apache.spark.scheduler.TaskSet;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;
import scala.reflect.ClassTag$;

/**
 * Publishes what the tasks of a stage need and no worker could ask for. {@link #snapshot} runs on
 * the DAG scheduler's event loop, before any task of the stage can be offered, and only looks; the
 * PUTs are asynchronous and dispatch waits for them.
 */
final class StagePublisher {
  private final SparkContext context;
  private final ObjectStore store;
  private final RunLayout layout;
  private final BroadcastPublisher broadcasts;
  private final SecretScrub scrub;
  private final CachedBlocks cached;
  private final ShuffleOffsets offsets;
  private final RpcEndpointRef storeEndpoint;
  private final long inlineLimitBytes;
  private final Executor executor;

  /** Content-addressed objects of this application that are stored. */
  private final Map<ObjectLocation, Boolean> stored = new ConcurrentHashMap<>();

  StagePublisher(
      SparkContext context,
      ObjectStore store,
      RunLayout layout,
      BroadcastPublisher broadcasts,
      SecretScrub scrub,
      CachedBlocks cached,
      ShuffleOffsets offsets,
      RpcEndpointRef storeEndpoint,
      long inlineLimitBytes,
      Executor executor) {
    this.context = context;
    this.store = store;
    this.layout = layout;
    this.broadcasts = broadcasts;
    this.scrub = scrub;
    this.cached = cached;
    this.offsets = offsets;
    this.storeEndpoint = storeEndpoint;
    this.inlineLimitBytes = inlineLimitBytes;
    this.executor = executor;
  }

  /**
   * Looks at everything the tasks need and starts to publish it. Never throws, never blocks on the
   * store.
   */
  StageInputs snapshot(TaskSet taskSet) {
    try {
      return look(taskSet);
    } catch (IOException | RuntimeException e) {
      return new StageInputs(
          taskSet.stageId(), false, false, new Timeouts(), CompletableFuture.failedFuture(e));
    }
  }

  private StageInputs look(TaskSet taskSet) throws IOException {
    StageRules.check(taskSet);
    // An unpersist() before this job must have reached the map of cached blocks.
    storeEndpoint.askSync(StoreEndpoint.FLUSH, ClassTag$.MODULE$.Any());
    Stage stage = context.dagScheduler().stageIdToStage().apply(taskSet.stageId());
    StageRules.check(taskSet, stage.rdd());
    long taskBinary =
        BroadcastReferences.in(scrub, taskSet.tasks()[0]).broadcastIds().iterator().next();
    BroadcastReferences references = BroadcastReferences.in(scrub, stage.rdd(), rest(stage));
    Set<Long> used = new HashSet<>(references.broadcastIds());
    used.remove(taskBinary);
    List<CachedBlock> blocks = cached.of(persistedRdds(stage.rdd()));
    List<ShuffleSnapshot> shuffles = shuffles(stage);

    List<CompletableFuture<?>> all = new ArrayList<>();
    CompletableFuture<Map<String, Blob>> binary;
    if (references.scrubbed()) {
      ByteBuffer rebuilt = BroadcastBytes.piece(context.env(), taskBinary(stage));
      binary = CompletableFuture.completedFuture(Map.of());
      all.add(broadcasts.publishAs(taskBinary, rebuilt));
    } else {
      binary =
          CompletableFuture.supplyAsync(
              () -> broadcasts.inline(taskBinary, inlineLimitBytes), executor);
      all.add(
          binary.thenCompose(
              inline ->
                  inline.isEmpty()
                      ? broadcasts.publish(taskBinary)
                      : CompletableFuture.completedFuture(null)));
    }
    for (long id : used) {
      all.add(broadcasts.publish(id));
    }
    Map<Integer, ShuffleInput> inputs = new ConcurrentHashMap<>();
    for (ShuffleSnapshot shuffle : shuffles) {
      all.add(
          CompletableFuture.runAsync(
              () -> inputs.put(shuffle.shuffleId(), publish(shuffle, taskSet.tasks().length)),
              executor));
    }
    CompletableFuture<Published> published =
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .thenApply(done -> new Published(new LinkedHashMap<>(inputs), binary.join(), blocks));
    return new StageInputs(
        taskSet.stageId(),
        stage instanceof ResultStage,
        isRddWrite(stage),
        new Timeouts(),
        published);
  }

  /** saveAsTextFile and its like: attempts share a folder by number (SparkHadoopWriter, 3.5.9). */
  private static boolean isRddWrite(Stage stage) {
    return stage instanceof ResultStage result
        && result
            .func()
            .getClass()
            .getName()
            .startsWith("org.apache.spark.internal.io.SparkHadoopWriter");
  }

  /** The task binary as DAGScheduler.submitMissingTasks makes it (3.5.9). */
  private byte[] taskBinary(Stage stage) {
    ByteBuffer bytes =
        SparkInternals.serialize(context.env(), new Tuple2<>(stage.rdd(), rest(stage)));
    byte[] binary = new byte[bytes.remaining()];
    bytes.get(binary);
    return binary;
  }

  private static Object rest(Stage stage) {
    return stage instanceof ShuffleMapStage map ? map.shuffleDep() : ((ResultStage) stage).func();
  }

  private static Set<Integer> persistedRdds(RDD<?> root) {
    Set<Integer> persisted = new HashSet<>();
    Set<Integer> seen = new HashSet<>();
    List<RDD<?>> open = new ArrayList<>(List.of(root));
    while (!open.isEmpty()) {
      RDD<?> rdd = open.remove(open.size() - 1);
      if (!seen.add(rdd.id())) {
        continue;
      }
      if (!rdd.getStorageLevel().equals(StorageLevel.NONE())) {
        persisted.add(rdd.id());
      }
      for (var dependency : SparkInternals.list(rdd.dependencies())) {
        if (dependency instanceof NarrowDependency) {
          open.add(dependency.rdd());
        }
      }
    }
    return persisted;
  }

  @SuppressWarnings("ArrayRecordComponent") // private carrier; never compared
  private record ShuffleSnapshot(int shuffleId, byte[] statuses, List<MapRef> maps) {}

  private List<ShuffleSnapshot> shuffles(Stage stage) {
    SparkEnv env = context.env();
    MapOutputTrackerMaster tracker = (MapOutputTrackerMaster) env.mapOutputTracker();
    List<ShuffleSnapshot> snapshots = new ArrayList<>();
    for (Stage parent : SparkInternals.list(stage.parents())) {
      if (parent instanceof ShuffleMapStage map) {
        int shuffleId = map.shuffleDep().shuffleId();
        ShuffleStatus status = tracker.shuffleStatuses().apply(shuffleId);
        List<MapRef> maps = new ArrayList<>();
        status.withMapStatuses(
            statuses -> {
              for (MapStatus s : statuses) {
                if (s != null) {
                  maps.add(new MapRef(s.mapId(), s.location().host()));
                }
              }
              return null;
            });
        byte[] serialized =
            status.serializedMapStatus(
                env.broadcastManager(), false, Integer.MAX_VALUE, context.conf());
        snapshots.add(new ShuffleSnapshot(shuffleId, serialized, maps));
      }
    }
    return snapshots;
  }

  private ShuffleInput publish(ShuffleSnapshot shuffle, int tasks) {
    String version = RunLayout.sha256(shuffle.statuses());
    byte[] table = offsets.table(shuffle.shuffleId(), shuffle.maps());
    int small = (int) (inlineLimitBytes / 4);
    return new ShuffleInput(
        blob(
            shuffle.statuses(),
            layout.mapStatuses(shuffle.shuffleId(), version, "statuses"),
            shuffle.statuses().length <= small),
        blob(
            table,
            layout.mapStatuses(shuffle.shuffleId(), RunLayout.sha256(table), "offsets"),
            offsets.bounds().ridesAlong(table.length, small, tasks)),
        version);
  }

  /** In the payload, or one PUT of a content-addressed object, once. */
  private Blob blob(byte[] bytes, ObjectLocation location, boolean ridesAlong) {
    if (ridesAlong) {
      return Blob.of(bytes);
    }
    try {
      stored.computeIfAbsent(location, key -> put(key, bytes));
    } catch (UncheckedIOException e) {
      throw new UncheckedIOException("Cannot publish " + location, e.getCause());
    }
    return Blob.at(location);
  }

  private boolean put(ObjectLocation location, byte[] bytes) {
    try {
      store.put(location, ObjectContent.of(bytes));
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
