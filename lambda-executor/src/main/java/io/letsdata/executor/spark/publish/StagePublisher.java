// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.executor.spark.publish.ShufflePublisher.ShuffleSnapshot;
import io.letsdata.executor.spark.publish.StageInputs.Published;
import io.letsdata.executor.spark.rules.StageRules;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.CachedBlock;
import io.letsdata.protocol.ShuffleInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.scheduler.ResultStage;
import org.apache.spark.scheduler.ShuffleMapStage;
import org.apache.spark.scheduler.Stage;
import org.apache.spark.scheduler.TaskSet;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;
import scala.reflect.ClassTag$;

/**
 * Publishes the inputs of a stage's tasks, because workers cannot ask the driver. {@link #snapshot}
 * runs on the DAG scheduler's event loop, before any task of the stage can be offered, and makes no
 * request; the PUTs are asynchronous and dispatches wait for them.
 */
final class StagePublisher {
  private final RunContext run;
  private final SparkContext context;
  private final BroadcastPublisher broadcasts;
  private final CachedBlocks cached;
  private final ShufflePublisher shuffles;
  private final ExchangePlanner exchanges;
  private final RpcEndpointRef storeEndpoint;

  StagePublisher(
      RunContext run,
      SparkContext context,
      BroadcastPublisher broadcasts,
      CachedBlocks cached,
      ShufflePublisher shuffles,
      ExchangePlanner exchanges,
      RpcEndpointRef storeEndpoint) {
    this.run = run;
    this.context = context;
    this.broadcasts = broadcasts;
    this.cached = cached;
    this.shuffles = shuffles;
    this.exchanges = exchanges;
    this.storeEndpoint = storeEndpoint;
  }

  /**
   * Collects the inputs of the tasks and starts to publish them. Never throws, never blocks on the
   * store.
   */
  StageInputs snapshot(TaskSet taskSet) {
    try {
      return look(taskSet);
    } catch (IOException | RuntimeException e) {
      return new StageInputs(
          taskSet.stageId(),
          false,
          false,
          new TimeoutCounts(),
          new ResultBytes(0),
          CompletableFuture.failedFuture(e));
    }
  }

  private StageInputs look(TaskSet taskSet) throws IOException {
    Executor executor = run.threads().io();
    StageRules.check(taskSet);
    // An unpersist() before this job must have reached the map of cached blocks.
    storeEndpoint.askSync(StoreEndpoint.FLUSH, ClassTag$.MODULE$.Any());
    Stage stage = context.dagScheduler().stageIdToStage().apply(taskSet.stageId());
    StageRules.check(taskSet, stage.rdd());
    long taskBinary = DeepStack.call(() -> BroadcastReferences.binaryOf(taskSet.tasks()[0]));
    // as DAGScheduler.submitMissingTasks makes it (3.5.9)
    Object graph = new Tuple2<>(stage.rdd(), rest(stage));
    BroadcastReferences references = DeepStack.call(() -> broadcasts.references(taskBinary, graph));
    Set<Long> used = new HashSet<>(references.broadcastIds());
    used.remove(taskBinary);
    List<CachedBlock> blocks = cached.of(persistedRdds(stage.rdd()));
    List<ShuffleSnapshot> parents = shuffles.parentsOf(stage);

    List<CompletableFuture<?>> all = new ArrayList<>();
    CompletableFuture<Map<String, Blob>> binary;
    if (references.mayHoldSecrets()) {
      binary = CompletableFuture.completedFuture(Map.of());
      byte[] clean = DeepStack.call(() -> broadcasts.withoutSecrets(taskBinary, graph, references));
      all.add(broadcasts.publishInstead(taskBinary, clean));
    } else {
      binary =
          CompletableFuture.supplyAsync(
              () -> broadcasts.inline(taskBinary, run.settings().inlineLimitBytes()), executor);
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
    List<Partition> partitions = partitionsOf(taskSet, stage.rdd());
    all.add(
        CompletableFuture.supplyAsync(() -> broadcasts.inPartitions(partitions), executor)
            .thenCompose(broadcasts::publish));
    Map<Integer, ShuffleInput> inputs = new ConcurrentHashMap<>();
    CompletableFuture<Void> cancelled = new CompletableFuture<>();
    for (ShuffleSnapshot parent : parents) {
      all.add(
          CompletableFuture.completedFuture(parent)
              .thenComposeAsync(p -> exchanges.prepare(p, taskSet, cancelled), executor)
              .thenRunAsync(
                  () ->
                      inputs.put(
                          parent.shuffleId(), shuffles.publish(parent, taskSet.tasks().length)),
                  executor));
    }
    CompletableFuture<Published> published =
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .thenApply(done -> new Published(new LinkedHashMap<>(inputs), binary.join(), blocks));
    var unused =
        published.whenComplete(
            (done, failure) -> {
              if (failure != null) {
                cancelled.completeExceptionally(failure);
              }
            });
    return new StageInputs(
        taskSet.stageId(),
        stage instanceof ResultStage,
        isRddWrite(stage),
        new TimeoutCounts(),
        new ResultBytes(stage instanceof ResultStage ? maxResultBytes() : 0),
        published);
  }

  /** Of all results of a stage; map outputs are none (TaskSetManager, 3.5.9). */
  private long maxResultBytes() {
    return context.conf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
  }

  /** saveAsTextFile and similar: attempts share a folder by number (SparkHadoopWriter, 3.5.9). */
  private static boolean isRddWrite(Stage stage) {
    return stage instanceof ResultStage result
        && result
            .func()
            .getClass()
            .getName()
            .startsWith("org.apache.spark.internal.io.SparkHadoopWriter");
  }

  /** The partitions of the tasks; an RDD keeps those that it has made. */
  private static List<Partition> partitionsOf(TaskSet taskSet, RDD<?> rdd) {
    Partition[] all = rdd.partitions();
    return Stream.of(taskSet.tasks()).map(task -> all[task.partitionId()]).toList();
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
}
