// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.request.ShuffleReport;
import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Tuple2;

/** Stock Spark reads merged objects, and does without them. */
final class CombinedShuffleIT {
  private static final int RECORDS = 4_000;
  private static final int MAPS = 8;
  private static final int PARTITIONS = 6;
  private static final int MERGES = 4; // two groups, two ranges

  @Test
  void eachTaskReadsOneRangeOfEachGroupAndTheEndDeletesEverything() throws Exception {
    ShuffleHarness harness = new ShuffleHarness(Offsets.MERGED, Map.of());
    try (harness) {
      MetricsListener listener = new MetricsListener();
      harness.context().sc().addSparkListener(listener);
      JavaPairRDD<Integer, Integer> shuffled = shuffled(harness);

      assertThat(shuffled.collect()).containsExactlyInAnyOrderElementsOf(expected());

      assertThat(harness.merges).hasValue(MERGES);
      assertThat(harness.store.puts).hasValue(MAPS + MERGES);
      assertThat(harness.store.gets).hasValue(2 * MAPS + 2 * PARTITIONS);
      assertThat(harness.keys()).hasSize(MAPS + MERGES);
      long bytes = harness.committed.stream().mapToLong(MapOutput::totalBytes).sum();
      assertThat(report(harness).combinedSegments()).isEqualTo(MAPS * PARTITIONS);
      assertThat(report(harness).combinedBytes()).isEqualTo(bytes);
      assertThat(report(harness).fallbacks()).isZero();
      harness.context().sc().listenerBus().waitUntilEmpty(Duration.ofMinutes(5).toMillis());
      assertThat(listener.sumOfTasks()).isEqualTo(report(harness));
      assertThat(listener.ofStages)
          .last()
          .asString()
          .endsWith("; 48 segments from merged objects (" + bytes + " bytes)");
    }

    assertThat(harness.keys()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"delete", "truncate", "flip", "replace"})
  void lostOrDamagedMergedObjectsCauseNoRecomputation(String damage) throws IOException {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.MERGED, Map.of())) {
      JavaPairRDD<Integer, Integer> shuffled = shuffled(harness);
      shuffled.count();
      for (String key : harness.keys()) {
        if (key.contains("-merged-")) {
          damage(harness, key, damage);
        }
      }

      assertThat(shuffled.collect()).containsExactlyInAnyOrderElementsOf(expected());

      assertThat(harness.committed).hasSize(MAPS);
      assertThat(harness.merges).hasValue(MERGES);
      ShuffleReport report = report(harness);
      assertThat(report.combinedSegments() + report.fallbacks()).isEqualTo(2 * MAPS * PARTITIONS);
      assertThat(report.combinedSegments()).isGreaterThanOrEqualTo(MAPS * PARTITIONS);
      assertThat(report.fallbacks()).isPositive();
    }
  }

  @Test
  void lostOutputIsMadeAgainOnlyWhenItsMergedObjectIsLostToo() throws IOException {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.MERGED, Map.of())) {
      JavaPairRDD<Integer, Integer> shuffled = shuffled(harness);
      shuffled.count();
      List<String> keys = harness.keys();
      String victim =
          keys.stream().filter(key -> !key.contains("-merged-")).findFirst().orElseThrow();

      damage(harness, victim, "delete");
      assertThat(shuffled.collect()).containsExactlyInAnyOrderElementsOf(expected());
      assertThat(harness.committed).hasSize(MAPS);

      for (String key : keys) {
        if (key.contains("-merged-")) {
          damage(harness, key, "delete");
        }
      }
      assertThat(shuffled.collect()).containsExactlyInAnyOrderElementsOf(expected());
      assertThat(harness.committed).hasSize(MAPS + 1);
      assertThat(shuffled.collect()).containsExactlyInAnyOrderElementsOf(expected());
    }
  }

  private static ShuffleReport report(ShuffleHarness harness) {
    return ShuffleReports.of(harness.spark.sparkContext()).orElseThrow();
  }

  private static JavaPairRDD<Integer, Integer> shuffled(ShuffleHarness harness) {
    return harness
        .context()
        .parallelize(IntStream.range(0, RECORDS).boxed().toList(), MAPS)
        .mapToPair(i -> new Tuple2<>(i, 7 * i))
        .partitionBy(new HashPartitioner(PARTITIONS));
  }

  private static List<Tuple2<Integer, Integer>> expected() {
    return IntStream.range(0, RECORDS).mapToObj(i -> new Tuple2<>(i, 7 * i)).toList();
  }

  private static void damage(ShuffleHarness harness, String key, String how) throws IOException {
    ObjectLocation object = new ObjectLocation("test", key);
    byte[] bytes = harness.memory.read(object);
    switch (how) {
      case "delete" -> harness.memory.delete(List.of(object));
      case "truncate" -> harness.memory.put(object, ObjectContent.of(bytes, 0, 100));
      case "replace" -> harness.memory.put(object, ObjectContent.of(new byte[bytes.length]));
      default -> {
        bytes[bytes.length / 3] ^= 4;
        harness.memory.put(object, ObjectContent.of(bytes));
      }
    }
  }
}
