// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.write;

import org.apache.spark.shuffle.ShuffleWriteMetricsReporter;

/**
 * Tells Spark how far a map task's writing is; takes back what it told of one that fails, as
 * Spark's writers do. Used by the task's thread.
 */
final class WriteProgress {
  private final ShuffleWriteMetricsReporter metrics;
  private long records;
  private long bytes;

  WriteProgress(ShuffleWriteMetricsReporter metrics) {
    this.metrics = metrics;
  }

  /** So many were written since the beginning. */
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
