// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.options.Internal;
import java.util.Optional;
import org.apache.spark.util.Utils;

/**
 * Adds up the results of one stage's tasks, so that no more of them are fetched than {@code
 * spark.driver.maxResultSize} allows. Spark asks when the driver has the bytes (TaskResultGetter,
 * 3.5.9); results that are objects would fill its heap before. Thread-safe; lives as long as its
 * stage.
 */
@Internal
public final class ResultBytes {
  private final long maxBytes;
  private long bytes;
  private int tasks;

  /**
   * @param maxBytes of all results together; 0 for any number
   */
  public ResultBytes(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Adds the result of one task.
   *
   * @return why the result must not be fetched, in Spark's words; empty when it may be
   */
  public synchronized Optional<String> add(long resultBytes) {
    bytes += resultBytes;
    tasks++;
    return maxBytes == 0 || bytes <= maxBytes
        ? Optional.empty()
        : Optional.of(
            // TaskSetManager.canFetchMoreResults, 3.5.9
            "Total size of serialized results of "
                + tasks
                + " tasks ("
                + Utils.bytesToString(bytes)
                + ") is bigger than spark.driver.maxResultSize ("
                + Utils.bytesToString(maxBytes)
                + ")");
  }
}
