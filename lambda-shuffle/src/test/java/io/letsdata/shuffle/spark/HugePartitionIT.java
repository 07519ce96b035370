// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** One map output of one partition above 2 GiB, written and read in the usual few megabytes. */
final class HugePartitionIT {
  private static final int RECORDS = 2_100; // of a megabyte each

  @Test
  void segmentAboveTwoGibibytesGoesUpInPartsAndComesInSlices() {
    Map<String, String> settings =
        Map.of("spark.shuffle.compress", "false", "spark.shuffle.sort.bypassMergeThreshold", "0");
    try (ShuffleHarness harness = new ShuffleHarness(new SparseStore(), Offsets.TABLE, settings)) {
      JavaPairRDD<Integer, Integer> shuffled =
          harness
              .context()
              .parallelize(IntStream.range(0, RECORDS).boxed().toList(), 1)
              .mapToPair(i -> new Tuple2<>(i, 1))
              .partitionBy(ShuffleJobs.partitioner(1));
      ((ShuffledRDD<?, ?, ?>) shuffled.rdd()).setSerializer(new BulkSerializer());

      long sum = shuffled.map(record -> (long) record._1()).reduce(Long::sum);

      long bytes = (long) RECORDS * BulkSerializer.RECORD_BYTES;
      assertThat(sum).isEqualTo((RECORDS - 1L) * RECORDS / 2);
      assertThat(bytes).isGreaterThan(Integer.MAX_VALUE);
      long sealed = SegmentSeal.sealedBytes(bytes);
      assertThat(harness.committed.get(0).lengths()).containsExactly(sealed);
      assertThat(harness.committed).extracting(MapOutput::totalBytes).containsExactly(sealed);
      assertThat(harness.store.puts).hasValue(0);
      assertThat(harness.store.gets).hasValue((int) ((sealed - 1) / (16 << 20)) + 1);
    }
  }
}
