// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import io.letsdata.options.Internal;
import org.apache.spark.TaskContext;
import org.apache.spark.executor.OutputMetrics;

/**
 * Spark's own output counters of the running task, which a v2 sink must fill itself (private[spark]
 * in 3.5.9).
 */
@Internal
public final class OutputCounters {
  private OutputCounters() {}

  /** Sets the counters of the running task; does nothing outside a task. */
  public static void report(long bytes, long rows) {
    TaskContext task = TaskContext.get();
    if (task != null) {
      OutputMetrics metrics = task.taskMetrics().outputMetrics();
      metrics.setBytesWritten(bytes);
      metrics.setRecordsWritten(rows);
    }
  }
}
