// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.options.Internal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts by partition how often the tasks of one stage reached the function's time limit. Each try
 * is billed up to the limit, so their number is bounded. Thread-safe; lives as long as its stage.
 */
@Internal
public final class TimeoutCounts {
  private final Map<Integer, Integer> byPartition = new ConcurrentHashMap<>();

  /** Adds one and returns the count of the partition. */
  public int add(int partition) {
    return byPartition.merge(partition, 1, Integer::sum);
  }
}
