// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static io.letsdata.shuffle.spark.ShuffleJobs.MAPS;
import static io.letsdata.shuffle.spark.ShuffleJobs.expectedPairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.pairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.partitioner;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import scala.Tuple2;

/** Outputs so small that they go through the driver. */
final class InlineShuffleIT {
  private static final Map<String, String> INLINE =
      Map.of("spark.letsdata.shuffle.inline-map-size", "64k");

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
}
