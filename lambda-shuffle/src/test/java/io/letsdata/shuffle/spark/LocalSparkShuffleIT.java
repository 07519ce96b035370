// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static io.letsdata.shuffle.spark.ShuffleJobs.MAPS;
import static io.letsdata.shuffle.spark.ShuffleJobs.RECORDS;
import static io.letsdata.shuffle.spark.ShuffleJobs.expectedPairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.pairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.partitioner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.UserErrorException;
import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import scala.Tuple2;

final class LocalSparkShuffleIT {
  @ParameterizedTest
  @EnumSource(
      value = Offsets.class,
      names = {"STORED", "MESSAGES"},
      mode = EnumSource.Mode.EXCLUDE)
  void aggregationsAndSortsAreSparksOwn(Offsets offsets) {
    try (ShuffleHarness harness = new ShuffleHarness(offsets, Map.of())) {
      Map<Integer, Integer> counts =
          pairs(harness)
              .mapToPair(pair -> new Tuple2<>(pair._1() % 11, 1))
              .reduceByKey(Integer::sum, 4)
              .collectAsMap();
      List<Integer> sorted = pairs(harness).sortByKey(false, 3).keys().collect();
      Map<Integer, Iterable<String>> groups = pairs(harness).groupByKey(3).collectAsMap();

      assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(RECORDS);
      assertThat(counts).hasSize(11);
      assertThat(sorted)
          .isEqualTo(IntStream.range(0, RECORDS).mapToObj(i -> RECORDS - 1 - i).toList());
      assertThat(groups).hasSize(RECORDS);
    }
  }

  @ParameterizedTest
  @CsvSource({"TABLE, 0", "FOOTERS, 0", "REGISTRY, 0", "TABLE, 1m", "REGISTRY, 1m", "MERGED, 0"})
  void sqlWithAdaptiveExecutionCoalescesSplitsAndReadsLocally(Offsets offsets, String inline) {
    Map<String, String> settings = new HashMap<>();
    settings.put("spark.letsdata.shuffle.inline-map-size", inline);
    settings.put("spark.sql.shuffle.partitions", "16");
    settings.put("spark.sql.adaptive.advisoryPartitionSizeInBytes", "20k");
    settings.put("spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes", "20k");
    settings.put("spark.sql.adaptive.skewJoin.skewedPartitionFactor", "2");
    settings.put("spark.sql.autoBroadcastJoinThreshold", "-1");
    settings.put("spark.sql.adaptive.autoBroadcastJoinThreshold", "1k");
    try (ShuffleHarness harness = new ShuffleHarness(offsets, settings)) {
      var spark = harness.spark;
      spark
          .range(0, 12_000, 1, 6)
          .selectExpr("if(id % 10 < 8, 7, id) as k", "id", "sha2(cast(id as string), 512) as v")
          .createOrReplaceTempView("big");
      spark
          .range(0, 12_000, 1, 3)
          .selectExpr("id as k", "id * 2 as w")
          .createOrReplaceTempView("other");

      var join = spark.sql("select b.id, o.w from big b join other o on b.k = o.k");
      List<Row> joined = join.collectAsList();
      var localJoin =
          spark.sql(
              "select b.id, o.w from big b join (select k, w from other where w < 30) o on b.k ="
                  + " o.k");
      List<Row> few = localJoin.collectAsList();
      var grouping =
          spark.sql("select k, count(distinct v) n from big group by k order by n desc, k");
      List<Row> groups = grouping.collectAsList();

      assertThat(plan(join)).contains("AQEShuffleRead coalesced and skewed");
      assertThat(plan(localJoin)).contains("AQEShuffleRead local");
      assertThat(plan(grouping)).contains("AQEShuffleRead coalesced");
      assertThat(joined).hasSize(12_000);
      assertThat(joined.stream().mapToLong(row -> row.getLong(0)).sum())
          .isEqualTo(11_999L * 12_000 / 2);
      assertThat(few).hasSize(9_600 + 2); // the skewed key 7, and 8 and 9
      assertThat(groups).hasSize(2_401);
      assertThat(groups.get(0).getLong(1)).isEqualTo(9_600);
    }
  }

  @Test
  @Timeout(120)
  void tasksWithShuffledDataDoNotWaitForAHostBesideOneWithACachedBlock() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.REGISTRY, Map.of())) {
      JavaRDD<Integer> cached = harness.context().parallelize(List.of(-1), 1).cache();
      assertThat(cached.count()).isEqualTo(1);
      JavaRDD<Integer> shuffled =
          harness
              .context()
              .parallelize(IntStream.range(0, 100).boxed().toList(), 2)
              .mapToPair(i -> new Tuple2<>(i, i))
              .partitionBy(partitioner(6))
              .keys();

      List<Integer> all = cached.union(shuffled).collect();

      assertThat(all).hasSize(101).contains(-1, 0, 99);
    }
  }

  @Test
  void shuffleWithMorePartitionsThanTheFormatAllowsIsRefusedBeforeATaskRuns() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      var tooMany = pairs(harness).partitionBy(partitioner((1 << 24) + 1));

      assertThatThrownBy(() -> tooMany.rdd().dependencies())
          .isInstanceOf(UserErrorException.class)
          .hasMessageStartingWith("Cannot register shuffle ")
          .hasMessageContaining("it has 16777217 partitions, and a map output can have 16777216")
          .hasMessageEndingWith("Use fewer partitions.");
    }
  }

  @Test
  void emptyInputsEmptyMapsAndASingleRowNeedNoMoreThanOneObject() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      long none = harness.context().<Integer>parallelize(List.of(), 3).repartition(4).count();
      long noPartition = harness.context().<Integer>emptyRDD().repartition(4).count();
      List<Integer> one = harness.context().parallelize(List.of(42), 3).repartition(4).collect();

      assertThat(none).isZero();
      assertThat(noPartition).isZero();
      assertThat(one).containsExactly(42);
      assertThat(harness.store.puts).hasValue(1);
      assertThat(harness.store.gets).hasValue(1);
    }
  }

  @Test
  void shuffleWithoutReducePartitionsRunsItsMapsAndStoresNothing() throws Exception {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.REGISTRY, Map.of())) {
      var none = harness.context().<Integer>parallelize(List.of(), 3);
      var pairs = none.mapToPair(i -> new Tuple2<>(i, i));
      var moved = pairs.partitionBy(partitioner(0));
      var combined = pairs.reduceByKey(partitioner(0), Integer::sum);

      // A job over no partition runs nothing; adaptive execution runs map stages by themselves.
      for (var shuffled : List.of(moved, combined)) {
        var dependency = (ShuffleDependency<?, ?, ?>) shuffled.rdd().dependencies().head();
        var statistics = harness.context().sc().submitMapStage(dependency).get();
        assertThat(statistics.bytesByPartitionId()).isEmpty();
        assertThat(shuffled.collect()).isEmpty();
      }

      assertThat(harness.committed).hasSize(2 * 3);
      assertThat(harness.store.all()).isZero();
    }
  }

  @Test
  void manyPartitionsUseSparksLossyStatusesAndOurExactOffsets() {
    try (ShuffleHarness harness =
        new ShuffleHarness(
            Offsets.TABLE, Map.of("spark.shuffle.minNumPartitionsToHighlyCompress", "10"))) {
      List<Tuple2<Integer, String>> records =
          pairs(harness).partitionBy(partitioner(250)).collect();

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
    }
  }

  @Test
  void twentyByTwentyIsTwentyPutsAndFourHundredGets() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      long records =
          harness
              .context()
              .parallelize(IntStream.range(0, 20_000).boxed().toList(), 20)
              .mapToPair(i -> new Tuple2<>(i, i))
              .partitionBy(partitioner(20))
              .count();

      assertThat(records).isEqualTo(20_000);
      assertThat(harness.store.puts).hasValue(20);
      assertThat(harness.store.gets).hasValue(400);
      assertThat(harness.store.heads.get() + harness.store.posts.get()).isZero();
    }
  }

  @Test
  void cancelledJobDoesNotWaitForItsGetsAndSendsNoMore() throws Exception {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      CountDownLatch reading = new CountDownLatch(1);
      CountDownLatch released = new CountDownLatch(1);
      harness.store.beforeReads(
          (location, range) -> {
            reading.countDown();
            try {
              released.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          });
      var job = pairs(harness).partitionBy(partitioner(4)).collectAsync();
      reading.await();

      job.cancel(true);

      try {
        // No GET has an answer yet.
        Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> activeTasks(harness) == 0);
      } finally {
        released.countDown();
      }
      assertThat(harness.context().parallelize(List.of(1, 2), 2).count()).isEqualTo(2);
      // Two tasks ran, each of which may have sent all it has to send.
      assertThat(harness.store.gets.get()).isLessThanOrEqualTo(2 * MAPS);
    }
  }

  @Test
  void cancelledJobDoesNotWaitForItsPuts() throws Exception {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      CountDownLatch writing = new CountDownLatch(1);
      CountDownLatch released = new CountDownLatch(1);
      harness.store.beforeWrites(
          location -> {
            writing.countDown();
            try {
              released.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          });
      var job = pairs(harness).partitionBy(partitioner(4)).collectAsync();
      writing.await();

      job.cancel(true);

      try {
        // No PUT has an answer yet.
        Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> activeTasks(harness) == 0);
      } finally {
        released.countDown();
      }
      assertThat(harness.context().parallelize(List.of(1, 2), 2).count()).isEqualTo(2);
      assertThat(harness.keys()).isEmpty();
      assertThat(harness.committed).isEmpty();
    }
  }

  @Test
  void endOfTheApplicationDeletesItsObjectsAndNoOther() throws IOException {
    ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of());
    try (harness) {
      for (String application : List.of("app", "app-2")) {
        harness.memory.put(
            ObjectLocation.parse("s3://test/run/" + application + "/shuffle/aa/unknown"),
            ObjectContent.ofUtf8("x"));
      }
      pairs(harness).partitionBy(partitioner(4)).collect();
      assertThat(harness.keys()).hasSize(MAPS + 2);
    }

    assertThat(harness.keys()).containsExactly("run/app-2/shuffle/aa/unknown");
  }

  /** Tasks under way, also those of cancelled stages, which Spark no longer counts as active. */
  private static int activeTasks(ShuffleHarness harness) {
    var tracker = harness.context().statusTracker();
    return Arrays.stream(tracker.getJobIdsForGroup(null))
        .mapToObj(tracker::getJobInfo)
        .flatMapToInt(job -> job == null ? IntStream.empty() : Arrays.stream(job.stageIds()))
        .distinct()
        .mapToObj(tracker::getStageInfo)
        .mapToInt(info -> info == null ? 0 : info.numActiveTasks())
        .sum();
  }

  private static String plan(org.apache.spark.sql.Dataset<Row> executed) {
    return executed.queryExecution().executedPlan().toString();
  }
}
