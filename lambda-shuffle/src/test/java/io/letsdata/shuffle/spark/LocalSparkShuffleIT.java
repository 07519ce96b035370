package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.shuffle.MapOutput;
import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Row;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import scala.Tuple2;

final class LocalSparkShuffleIT {
  private static final int RECORDS = 5_000;
  private static final int MAPS = 5;
  private static final Map<String, String> INLINE =
      Map.of("spark.letsdata.shuffle.inline-map-size", "64k");

  @ParameterizedTest
  @CsvSource({
    "bypass, JavaSerializer, lz4",
    "bypass, KryoSerializer, zstd",
    "sort, JavaSerializer, zstd",
    "sort, JavaSerializer, lzf",
    "unsafe, KryoSerializer, lz4",
    "unsafe, KryoSerializer, snappy",
    "unsafe, KryoSerializer, none",
    "sort, KryoSerializer, encrypted",
    "unsafe, KryoSerializer, encrypted",
    "spilling unsafe, KryoSerializer, lz4",
    "spilling sort, JavaSerializer, lz4",
  })
  void everyWriterSerializerAndCodecGivesAllRecordsOnce(
      String writer, String serializer, String codec) {
    Map<String, String> settings = new HashMap<>();
    settings.put("spark.serializer", "org.apache.spark.serializer." + serializer);
    settings.put("spark.shuffle.sort.bypassMergeThreshold", writer.equals("bypass") ? "200" : "0");
    settings.put("spark.shuffle.compress", codec.equals("none") ? "false" : "true");
    if (writer.startsWith("spilling")) {
      settings.put("spark.shuffle.spill.numElementsForceSpillThreshold", "100");
    }
    if (codec.equals("encrypted")) {
      settings.put("spark.io.encryption.enabled", "true");
    } else if (!codec.equals("none")) {
      settings.put("spark.io.compression.codec", codec);
    }
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, settings)) {
      List<Tuple2<Integer, String>> records =
          new ArrayList<>(pairs(harness).partitionBy(partitioner(7)).collect());

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
      assertThat(harness.store.puts).hasValue(MAPS);
      assertThat(harness.store.gets).hasValue(MAPS * 7);
    }
  }

  @ParameterizedTest
  @EnumSource(Offsets.class)
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
              "select b.id, o.w from big b join (select k, w from other where w < 30) o on b.k = o.k");
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
  void manyPartitionsUseSparksLossyStatusesAndOurExactOffsets() {
    try (ShuffleHarness harness =
        new ShuffleHarness(
            Offsets.TABLE, Map.of("spark.shuffle.minNumPartitionsToHighlyCompress", "10"))) {
      List<Tuple2<Integer, String>> records =
          pairs(harness).partitionBy(partitioner(250)).collect();

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "delete, TABLE",
    "truncate, TABLE",
    "flip, TABLE",
    "replace, TABLE",
    "delete, FOOTERS",
    "truncate, FOOTERS",
    "flip, FOOTERS",
    "replace, FOOTERS"
  })
  void lostOrDamagedOutputIsMadeAgainAndNoOther(String damage, Offsets offsets) throws IOException {
    try (ShuffleHarness harness = new ShuffleHarness(offsets, Map.of())) {
      JavaPairRDD<Integer, String> shuffled = pairs(harness).partitionBy(partitioner(4));
      shuffled.count();
      assertThat(harness.committed).hasSize(MAPS);
      String victim = harness.keys().get(2);

      damage(harness, victim, damage);
      List<Tuple2<Integer, String>> records = shuffled.collect();

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
      assertThat(harness.committed).hasSize(MAPS + 1);
      assertThat(harness.keys()).hasSizeGreaterThanOrEqualTo(MAPS);
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

  @ParameterizedTest
  @EnumSource(
      value = Offsets.class,
      names = {"TABLE", "REGISTRY"})
  void twentyTinyMapsNeedNoRequest(Offsets offsets) {
    ShuffleHarness harness = new ShuffleHarness(offsets, INLINE);
    try (harness) {
      Map<Integer, Integer> counts =
          harness
              .context()
              .parallelize(IntStream.range(0, 20_000).boxed().toList(), 20)
              .mapToPair(i -> new Tuple2<>(i % 100, 1))
              .reduceByKey(Integer::sum, 20)
              .collectAsMap();

      assertThat(counts).hasSize(100).allSatisfy((key, count) -> assertThat(count).isEqualTo(200));
      assertThat(harness.committed).hasSize(20);
    }

    assertThat(harness.store.all()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "bypass, JavaSerializer, lz4",
    "sort, JavaSerializer, zstd",
    "unsafe, KryoSerializer, snappy",
    "spilling unsafe, KryoSerializer, encrypted",
  })
  void everyWriterKeepsSmallOutputsInline(String writer, String serializer, String codec) {
    Map<String, String> settings = new HashMap<>(INLINE);
    settings.put("spark.serializer", "org.apache.spark.serializer." + serializer);
    settings.put("spark.shuffle.sort.bypassMergeThreshold", writer.equals("bypass") ? "200" : "0");
    if (writer.startsWith("spilling")) {
      settings.put("spark.shuffle.spill.numElementsForceSpillThreshold", "100");
    }
    settings.put(
        codec.equals("encrypted") ? "spark.io.encryption.enabled" : "spark.io.compression.codec",
        codec.equals("encrypted") ? "true" : codec);
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, settings)) {
      List<Tuple2<Integer, String>> records = pairs(harness).partitionBy(partitioner(7)).collect();

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
      assertThat(harness.store.all()).isZero();
    }
  }

  @Test
  void inlineAndStoredOutputsMakeOneShuffle() {
    Map<String, String> settings = new HashMap<>(INLINE);
    settings.put("spark.letsdata.shuffle.inline-memory", "40k"); // room for one or two of five
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, settings)) {
      List<Tuple2<Integer, String>> records = pairs(harness).partitionBy(partitioner(7)).collect();

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
      assertThat(harness.store.puts.get()).isBetween(1, MAPS - 1);
      assertThat(harness.store.gets).hasValue(harness.store.puts.get() * 7);
    }
  }

  @Test
  void taskMetricsCountWhatWasStoredAndRead() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      LongAdder written = new LongAdder();
      LongAdder read = new LongAdder();
      LongAdder blocks = new LongAdder();
      LongAdder records = new LongAdder();
      harness
          .spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                  written.add(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
                  read.add(end.taskMetrics().shuffleReadMetrics().remoteBytesRead());
                  blocks.add(end.taskMetrics().shuffleReadMetrics().remoteBlocksFetched());
                  records.add(end.taskMetrics().shuffleReadMetrics().recordsRead());
                }
              });

      pairs(harness).partitionBy(partitioner(4)).count();

      long stored = harness.committed.stream().mapToLong(MapOutput::totalBytes).sum();
      Awaitility.await().untilAsserted(() -> assertThat(records.sum()).isEqualTo(RECORDS));
      assertThat(written.sum()).isEqualTo(stored);
      assertThat(read.sum()).isEqualTo(stored);
      assertThat(blocks.sum()).isEqualTo(MAPS * 4);
    }
  }

  @Test
  void brokenConnectionsAreRetriedWithoutRunningAnythingAgain() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      harness.store.cutBodies(3, 100); // what one request survives, should it get all three

      List<Tuple2<Integer, String>> records = pairs(harness).partitionBy(partitioner(4)).collect();

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
      assertThat(harness.committed).hasSize(MAPS);
      assertThat(harness.store.gets).hasValue(MAPS * 4 + 3);
    }
  }

  @Test
  void storeThatFailsForGoodFailsTheJobAndSaysSo() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      harness.store.beforeReads(
          (location, range) -> {
            throw new io.letsdata.store.StoreUnavailable(
                "Cannot reach the store at http://nowhere: refused.", null);
          });

      assertThatThrownBy(() -> pairs(harness).partitionBy(partitioner(4)).collect())
          .hasMessageContaining("Cannot reach the store at http://nowhere");
      assertThat(harness.committed).hasSize(MAPS);
    }
  }

  @Test
  void cancelledJobStopsFetchingWithinASecond() throws Exception {
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

      Awaitility.await().atMost(Duration.ofSeconds(1)).until(() -> activeTasks(harness) == 0);
      int requests = harness.store.gets.get();
      released.countDown();
      assertThat(harness.context().parallelize(List.of(1, 2), 2).count()).isEqualTo(2);
      assertThat(harness.store.gets).hasValue(requests);
    }
  }

  @Test
  void endOfTheApplicationDeletesItsObjectsAndNoOther() throws IOException {
    ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of());
    try (harness) {
      harness.memory.put(
          ObjectLocation.parse("s3://test/run/app/shuffle/aa/other"), ObjectContent.ofUtf8("x"));
      pairs(harness).partitionBy(partitioner(4)).collect();
      assertThat(harness.keys()).hasSize(MAPS + 1);
    }

    assertThat(harness.keys()).containsExactly("run/app/shuffle/aa/other");
  }

  private static void damage(ShuffleHarness harness, String key, String how) throws IOException {
    ObjectLocation object = new ObjectLocation("test", key);
    byte[] bytes = harness.memory.read(object);
    switch (how) {
      case "delete" -> harness.memory.delete(List.of(object));
      case "truncate" -> harness.memory.put(object, ObjectContent.of(bytes, 0, bytes.length / 4));
      case "flip" -> {
        bytes[bytes.length / 8] ^= 4;
        harness.memory.put(object, ObjectContent.of(bytes));
      }
      default -> {
        String other =
            harness.keys().stream().filter(k -> !k.equals(key)).findFirst().orElseThrow();
        harness.memory.put(
            object, ObjectContent.of(harness.memory.read(new ObjectLocation("test", other))));
      }
    }
  }

  private static int activeTasks(ShuffleHarness harness) {
    var tracker = harness.context().statusTracker();
    return java.util.Arrays.stream(tracker.getActiveStageIds())
        .mapToObj(tracker::getStageInfo)
        .mapToInt(info -> info == null ? 0 : info.numActiveTasks())
        .sum();
  }

  private static String plan(org.apache.spark.sql.Dataset<Row> executed) {
    return executed.queryExecution().executedPlan().toString();
  }

  private static org.apache.spark.HashPartitioner partitioner(int partitions) {
    return new org.apache.spark.HashPartitioner(partitions);
  }

  private static JavaPairRDD<Integer, String> pairs(ShuffleHarness harness) {
    return harness
        .context()
        .parallelize(IntStream.range(0, RECORDS).boxed().toList(), MAPS)
        .mapToPair(i -> new Tuple2<>(i, "value " + i * 31));
  }

  private static List<Tuple2<Integer, String>> expectedPairs() {
    return IntStream.range(0, RECORDS).mapToObj(i -> new Tuple2<>(i, "value " + i * 31)).toList();
  }
}
