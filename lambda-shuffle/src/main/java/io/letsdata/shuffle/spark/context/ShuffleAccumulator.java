// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import io.letsdata.shuffle.request.ShuffleAccount;
import io.letsdata.shuffle.request.ShuffleReport;
import org.apache.spark.util.AccumulatorV2;

/**
 * One shuffle's account on its way from tasks to the driver, and into Spark's UI, which shows the
 * report's line for each stage and task. The task's thread adds, heartbeats may read meanwhile.
 */
final class ShuffleAccumulator extends AccumulatorV2<long[], ShuffleReport> {
  private static final long serialVersionUID = 1;

  /** Replaced, never written to. */
  private volatile long[] counts = new long[ShuffleAccount.COUNTS];

  @Override
  public boolean isZero() {
    for (long count : counts) {
      if (count != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public AccumulatorV2<long[], ShuffleReport> copy() {
    ShuffleAccumulator copy = new ShuffleAccumulator();
    copy.counts = counts;
    return copy;
  }

  @Override
  public void reset() {
    counts = new long[ShuffleAccount.COUNTS];
  }

  @Override
  public synchronized void add(long[] more) {
    long[] sums = counts.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += more[i];
    }
    counts = sums;
  }

  @Override
  public void merge(AccumulatorV2<long[], ShuffleReport> other) {
    if (other instanceof ShuffleAccumulator same) {
      add(same.counts);
    }
  }

  @Override
  public ShuffleReport value() {
    return ShuffleAccount.report(counts);
  }

  long[] counts() {
    return counts;
  }
}
