// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static io.letsdata.shuffle.spark.ShuffleJobs.pairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.partitioner;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.shuffle.spark.offsets.PlanLog;
import java.util.Map;
import java.util.Random;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import scala.Tuple2;

/** What the driver's log says of plans where there is no function. */
final class PlanLogIT {
  private static final Map<String, String> INLINE =
      Map.of("spark.letsdata.shuffle.inline-map-size", "64k");

  @ParameterizedTest
  @EnumSource(
      value = Offsets.class,
      names = {"REGISTRY", "MESSAGES"})
  void eachShuffleIsOneLineWithItsPlanAndWhy(Offsets offsets) {
    try (ShuffleHarness harness = new ShuffleHarness(offsets, INLINE);
        LogLines log = new LogLines(PlanLog.class)) {
      JavaPairRDD<Integer, String> small = pairs(harness).partitionBy(partitioner(4));
      JavaPairRDD<Integer, byte[]> large =
          small
              .mapToPair(pair -> new Tuple2<>(pair._1(), random(pair._1())))
              .partitionBy(new HashPartitioner(3));

      large.count();
      large.count();
      small.count();

      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(0))
          .isEqualTo("INFO Shuffle 1: inline: no map output is in the store");
      assertThat(log.lines().get(1))
          .matches(
              "INFO Shuffle 0: direct: 12 GET, \\$0\\.000005 and \\d+\\.\\d\\d s;"
                  + " there is no function that could merge");
    }
  }

  private static byte[] random(int seed) {
    byte[] bytes = new byte[1_000];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
