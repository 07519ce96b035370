// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static io.letsdata.shuffle.spark.ShuffleJobs.MAPS;
import static io.letsdata.shuffle.spark.ShuffleJobs.RECORDS;
import static io.letsdata.shuffle.spark.ShuffleJobs.expectedPairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.pairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.partitioner;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.shuffle.spark.context.S3ShuffleHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.shuffle.ShuffleHandle;
import org.apache.spark.shuffle.sort.BypassMergeSortShuffleHandle;
import org.apache.spark.shuffle.sort.SerializedShuffleHandle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Tuple2;

/**
 * Spark's unsafe and sort writers, and ours in place of its bypass writer, in memory and spilling,
 * with each serializer that it takes and each codec, stored and inline. One session for each codec:
 * it is the process's.
 */
final class WriterMatrixIT {
  /** Up to so many partitions Spark means the bypass writer. */
  private static final int BYPASS = 7;

  private static final int SORTED = BYPASS + 2;

  @ParameterizedTest
  @CsvSource({
    "lz4, false, 0",
    "lzf, false, 0",
    "snappy, false, 0",
    "zstd, true, 0",
    "none, false, 0",
    "lz4, true, 64k",
    "none, true, 64k"
  })
  void everyWriterAndSerializerGivesAllRecordsOnce(String codec, boolean encrypted, String inline) {
    try (ShuffleHarness harness =
        new ShuffleHarness(Offsets.TABLE, settings(codec, encrypted, inline))) {
      Serializer java = new JavaSerializer(harness.context().getConf());
      Serializer kryo = new KryoSerializer(harness.context().getConf());

      for (Serializer serializer : new Serializer[] {java, kryo}) {
        assertAllRecords(harness, BYPASS, serializer, "bypass", inline);
      }
      assertAllRecords(harness, SORTED, kryo, "unsafe", inline);
      assertAllRecords(harness, SORTED, java, "sort", inline);
      assertCombined(harness, kryo);
      assertCombined(harness, java);
    }
  }

  /** The limits of memory are the session's too. */
  @ParameterizedTest
  @CsvSource({"lz4, false, 0", "zstd, true, 0", "none, true, 64k"})
  void writersThatSpillGiveAllRecordsOnce(String codec, boolean encrypted, String inline) {
    Map<String, String> settings = settings(codec, encrypted, inline);
    settings.put("spark.shuffle.spill.numElementsForceSpillThreshold", "100");
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, settings)) {
      Serializer java = new JavaSerializer(harness.context().getConf());
      Serializer kryo = new KryoSerializer(harness.context().getConf());
      assertAllRecords(harness, BYPASS, java, "bypass", inline);
      assertAllRecords(harness, BYPASS, kryo, "bypass", inline);
      assertAllRecords(harness, SORTED, kryo, "unsafe", inline);
      assertAllRecords(harness, SORTED, java, "sort", inline);
    }
  }

  private static Map<String, String> settings(String codec, boolean encrypted, String inline) {
    Map<String, String> settings = new HashMap<>();
    settings.put("spark.shuffle.sort.bypassMergeThreshold", String.valueOf(BYPASS));
    settings.put("spark.letsdata.shuffle.inline-map-size", inline);
    settings.put("spark.io.encryption.enabled", String.valueOf(encrypted));
    settings.put("spark.shuffle.compress", String.valueOf(!codec.equals("none")));
    if (!codec.equals("none")) {
      settings.put("spark.io.compression.codec", codec);
    }
    return settings;
  }

  private static void assertAllRecords(
      ShuffleHarness harness, int partitions, Serializer serializer, String writer, String inline) {
    harness.store.resetCounts();
    JavaPairRDD<Integer, String> shuffled = pairs(harness).partitionBy(partitioner(partitions));
    ((ShuffledRDD<?, ?, ?>) shuffled.rdd()).setSerializer(serializer);

    assertThat(writer(shuffled)).isEqualTo(writer);
    assertThat(shuffled.collect()).containsExactlyInAnyOrderElementsOf(expectedPairs());
    boolean isInline = !inline.equals("0");
    assertThat(harness.store.puts).hasValue(isInline ? 0 : MAPS);
    assertThat(harness.store.gets).hasValue(isInline ? 0 : MAPS * partitions);
    assertThat(harness.store.heads.get() + harness.store.posts.get()).isZero();
  }

  /** Map-side aggregation leaves Spark no choice but the sort writer. */
  private static void assertCombined(ShuffleHarness harness, Serializer serializer) {
    JavaPairRDD<Integer, Integer> counts =
        harness
            .context()
            .parallelize(IntStream.range(0, RECORDS).boxed().toList(), MAPS)
            .mapToPair(i -> new Tuple2<>(i % 100, 1))
            .reduceByKey(partitioner(SORTED), Integer::sum);
    ((ShuffledRDD<?, ?, ?>) counts.rdd()).setSerializer(serializer);

    assertThat(writer(counts)).isEqualTo("sort");
    assertThat(counts.collectAsMap())
        .hasSize(100)
        .allSatisfy((key, count) -> assertThat(count).isEqualTo(RECORDS / 100));
  }

  private static String writer(JavaPairRDD<?, ?> shuffled) {
    ShuffleDependency<?, ?, ?> dependency =
        (ShuffleDependency<?, ?, ?>) shuffled.rdd().dependencies().head();
    ShuffleHandle handle = ((S3ShuffleHandle) dependency.shuffleHandle()).inner();
    return handle instanceof SerializedShuffleHandle
        ? "unsafe"
        : handle instanceof BypassMergeSortShuffleHandle ? "bypass" : "sort";
  }
}
