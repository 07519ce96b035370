// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import scala.Tuple2;

/** What the tests of this package shuffle. */
public final class ShuffleJobs {
  static final int RECORDS = 5_000;
  static final int MAPS = 5;

  private ShuffleJobs() {}

  /** {@link #RECORDS} pairs in {@link #MAPS} map tasks. */
  static JavaPairRDD<Integer, String> pairs(ShuffleHarness harness) {
    return harness
        .context()
        .parallelize(IntStream.range(0, RECORDS).boxed().toList(), MAPS)
        .mapToPair(i -> new Tuple2<>(i, "value " + i * 31));
  }

  static List<Tuple2<Integer, String>> expectedPairs() {
    return IntStream.range(0, RECORDS).mapToObj(i -> new Tuple2<>(i, "value " + i * 31)).toList();
  }

  static HashPartitioner partitioner(int partitions) {
    return new HashPartitioner(partitions);
  }
}
