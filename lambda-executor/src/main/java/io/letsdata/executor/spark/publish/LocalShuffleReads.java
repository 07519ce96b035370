// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.spark.internals.SparkInternals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.execution.CoalescedMapperPartitionSpec;
import org.apache.spark.sql.execution.PartialMapperPartitionSpec;
import org.apache.spark.sql.execution.ShuffledRowRDD;
import org.apache.spark.sql.execution.ShuffledRowRDDPartition;

/**
 * Shuffles that adaptive execution reads map by map (AQEShuffleReadExec with local reads, 3.5.9):
 * each task reads few outputs and all of their partitions, so merging gains nothing. Pure.
 */
final class LocalShuffleReads {
  private LocalShuffleReads() {}

  /** Ids of the shuffles that a stage reads map by map. */
  static Set<Integer> in(RDD<?> root) {
    Set<Integer> local = new HashSet<>();
    Set<Integer> seen = new HashSet<>();
    List<RDD<?>> open = new ArrayList<>(List.of(root));
    while (!open.isEmpty()) {
      RDD<?> rdd = open.remove(open.size() - 1);
      if (!seen.add(rdd.id())) {
        continue;
      }
      boolean byMap = rdd instanceof ShuffledRowRDD && readsByMap(rdd);
      for (var dependency : SparkInternals.list(rdd.dependencies())) {
        if (dependency instanceof NarrowDependency) {
          open.add(dependency.rdd());
        } else if (byMap && dependency instanceof ShuffleDependency<?, ?, ?> shuffle) {
          local.add(shuffle.shuffleId());
        }
      }
    }
    return local;
  }

  private static boolean readsByMap(RDD<?> rdd) {
    for (Partition partition : rdd.partitions()) {
      if (partition instanceof ShuffledRowRDDPartition part
          && (part.spec() instanceof PartialMapperPartitionSpec
              || part.spec() instanceof CoalescedMapperPartitionSpec)) {
        return true;
      }
    }
    return false;
  }
}
