// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.write;

import org.apache.spark.shuffle.ShuffleWriteMetricsReporter;

/**
 * Reports to Spark how much a map task has written; takes the counts of a failed task back, as
 * Spark's writers do. Used by the task's thread.
 */
final class WriteProgress {
  private final ShuffleWriteMetricsReporter metrics;
  private long records;
  private long bytes;

  WriteProgress(ShuffleWriteMetricsReporter metrics) {
    this.metrics = metrics;
  }

  /** Sets the records and bytes written since the beginning. */
  void reached(long recordsNow, long bytesNow) {
    metrics.incRecordsWritten(recordsNow - records);
    metrics.incBytesWritten(bytesNow - bytes);
    records = recordsNow;
    bytes = bytesNow;
  }

  void took(long nanos) {
    metrics.incWriteTime(nanos);
  }

  void revert() {
    metrics.decRecordsWritten(records);
    metrics.decBytesWritten(bytes);
    records = 0;
    bytes = 0;
  }
}
