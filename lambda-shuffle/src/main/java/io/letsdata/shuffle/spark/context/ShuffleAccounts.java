// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.shuffle.request.ShuffleAccount;
import io.letsdata.shuffle.request.ShuffleReport;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import scala.Option;

/**
 * The counts of each shuffle's tasks, in this process and, on the driver, in the whole application.
 * Thread-safe.
 */
@Internal
public final class ShuffleAccounts {
  private final Hedging hedging;

  /** Requests of no single task: tables that many tasks share, and the driver's own requests. */
  private final ShuffleAccount process = new ShuffleAccount();

  private final ShuffleAccount removed = new ShuffleAccount();
  private final Map<Integer, ShuffleAccumulator> shuffles = new HashMap<>();
  private long hedgesCounted;

  ShuffleAccounts(Hedging hedging) {
    this.hedging = hedging;
  }

  ShuffleAccount process() {
    return process;
  }

  /** On the driver, once a shuffle; Spark's UI shows it by name with each stage that uses it. */
  public synchronized ShuffleAccumulator register(SparkContext spark, int shuffleId) {
    ShuffleAccumulator accumulator = new ShuffleAccumulator();
    accumulator.register(spark, Option.apply("shuffle " + shuffleId + " over S3"), true);
    shuffles.put(shuffleId, accumulator);
    return accumulator;
  }

  /** Its counts stay in the application's. */
  public synchronized void remove(int shuffleId) {
    ShuffleAccumulator accumulator = shuffles.remove(shuffleId);
    if (accumulator != null) {
      removed.add(accumulator.counts());
    }
  }

  /** An account that is closed and sent to the driver when the task ends, also when it fails. */
  public ShuffleAccount open(TaskContext task, ShuffleAccumulator accumulator) {
    ShuffleAccount account = new ShuffleAccount();
    task.addTaskCompletionListener(
        (TaskCompletionListener)
            ended -> {
              countHedges();
              // The next task that ends reports the requests of the process.
              account.add(process.take());
              accumulator.add(account.take());
            });
    return account;
  }

  private synchronized void countHedges() {
    long hedges = hedging.hedges();
    process.hedged(hedges - hedgesCounted);
    hedgesCounted = hedges;
  }

  /** On the driver: everything until now, as far as tasks have ended. */
  public synchronized ShuffleReport report() {
    ShuffleReport sum = process.report().plus(removed.report());
    for (ShuffleAccumulator accumulator : shuffles.values()) {
      sum = sum.plus(accumulator.value());
    }
    return sum;
  }
}
