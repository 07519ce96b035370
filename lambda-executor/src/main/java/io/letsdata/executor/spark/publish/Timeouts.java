// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often the tasks of one stage ran into the function's time limit, by partition. A task that
 * did it twice will do it again: each try is billed to the limit. Thread-safe; lives with its
 * stage.
 */
public final class Timeouts {
  private final Map<Integer, Integer> byPartition = new ConcurrentHashMap<>();

  /** Counts one more. */
  public int add(int partition) {
    return byPartition.merge(partition, 1, Integer::sum);
  }
}
