// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.StageInfo;

/** Notes how long each stage of a session took, and what it wrote to the shuffle. Thread-safe. */
final class StageWatch extends SparkListener {
  private final List<Double> seconds = new ArrayList<>();
  private long writtenBytes;

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
    StageInfo stage = completed.stageInfo();
    long start = (Long) stage.submissionTime().get();
    seconds.add(((Long) stage.completionTime().get() - start) / 1e3);
    writtenBytes += stage.taskMetrics().shuffleWriteMetrics().bytesWritten();
  }

  synchronized void clear() {
    seconds.clear();
    writtenBytes = 0;
  }

  synchronized List<Double> seconds() {
    return List.copyOf(seconds);
  }

  synchronized long writtenBytes() {
    return writtenBytes;
  }
}
