// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/** 10,000 reduce partitions, each of them with a segment of each map. */
final class WideShuffleIT {
  private static final int PARTITIONS = 10_000;
  private static final int MAPS = 4;

  /** What SPEC.md's encoding takes a segment, with what an output costs besides. */
  private static final long BYTES_A_BLOCK = 8;

  @ParameterizedTest
  @EnumSource(
      value = Offsets.class,
      names = {"TABLE", "REGISTRY"})
  void eachPartitionIsOneGetAMapAndItsOffsetsFewBytesOfTheDriver(Offsets offsets) {
    try (ShuffleHarness harness = new ShuffleHarness(offsets, Map.of())) {
      JavaPairRDD<Integer, Integer> shuffled =
          harness
              .context()
              .parallelize(IntStream.range(0, MAPS * PARTITIONS).boxed().toList(), MAPS)
              .mapToPair(i -> new Tuple2<>(i, i))
              .partitionBy(ShuffleJobs.partitioner(PARTITIONS));

      int[] sums = (int[]) sums(harness, shuffled, List.of(0, 4_711, 9_999));

      assertThat(sums)
          .containsExactly(
              60_000, 60_000 + MAPS * 4_711, 60_000 + MAPS * 9_999); // 0 + 10,000 + 20,000 + 30,000
      assertThat(harness.committed).hasSize(MAPS).allMatch(WideShuffleIT::hasEveryPartition);
      assertThat(harness.store.puts).hasValue(MAPS);
      assertThat(harness.store.gets).hasValue(3 * MAPS);
      assertThat(harness.manager().registry().retainedBytes())
          .isLessThan(MAPS * PARTITIONS * BYTES_A_BLOCK);
    }
  }

  @Test
  void allPartitionsCoalescedAreOneGetAMapAndTask() {
    Map<String, String> settings =
        Map.of(
            "spark.sql.shuffle.partitions",
            String.valueOf(PARTITIONS),
            "spark.sql.adaptive.coalescePartitions.minPartitionSize",
            "1m",
            "spark.sql.adaptive.coalescePartitions.parallelismFirst",
            "false");
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, settings)) {
      List<Row> rows =
          harness
              .spark
              .range(0, 60_000, 1, MAPS)
              .selectExpr("id % 30000 as k", "id as v")
              .repartition(new org.apache.spark.sql.Column("k"))
              .groupBy("k")
              .sum("v")
              .collectAsList();

      assertThat(rows).hasSize(30_000);
      assertThat(rows.stream().mapToLong(row -> row.getLong(1)).sum()).isEqualTo(59_999L * 30_000);
      assertThat(harness.committed).hasSize(MAPS);
      assertThat(harness.store.puts).hasValue(MAPS);
      int tasks = harness.store.gets.get() / MAPS;
      assertThat(harness.store.gets).hasValue(tasks * MAPS);
      assertThat(tasks).isBetween(1, 8);
      assertThat(harness.manager().registry().retainedBytes())
          .isLessThan(MAPS * PARTITIONS * BYTES_A_BLOCK);
    }
  }

  private static boolean hasEveryPartition(MapOutput output) {
    return IntStream.range(0, PARTITIONS).allMatch(i -> output.lengths()[i] > 0);
  }

  /** Of a few partitions: 10,000 tasks would only measure Spark. */
  private static Object sums(
      ShuffleHarness harness, JavaPairRDD<Integer, Integer> shuffled, List<Integer> partitions) {
    return harness
        .spark
        .sparkContext()
        .runJob(
            shuffled.rdd(),
            new Sum(),
            JavaConverters.<Object>asScalaBuffer(List.<Object>copyOf(partitions)).toSeq(),
            ClassTag$.MODULE$.Int());
  }

  private static final class Sum
      extends AbstractFunction2<TaskContext, Iterator<Tuple2<Integer, Integer>>, Object>
      implements java.io.Serializable {
    @Override
    public Object apply(TaskContext context, Iterator<Tuple2<Integer, Integer>> records) {
      int sum = 0;
      while (records.hasNext()) {
        sum += records.next()._2();
      }
      return sum;
    }
  }
}
