// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.offsets;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.driver.ExchangeOptions;
import io.letsdata.shuffle.driver.ExchangePlan;
import io.letsdata.shuffle.driver.ExchangePrices;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapRef;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.SparkContext$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how the outputs of a shuffle reach their readers, and why, on masters without a function
 * that could merge them: one line in the driver's log with a shuffle's first reader. Thread-safe.
 */
@Internal
public final class PlanLog {
  private static final Logger LOG = LoggerFactory.getLogger(PlanLog.class);

  private final OutputRegistry offsets;
  private final ExchangeOptions options;
  private final Set<Integer> said = ConcurrentHashMap.newKeySet();

  public PlanLog(OutputRegistry offsets, ExchangeOptions options) {
    this.offsets = offsets;
    this.options = options;
  }

  /** A reader of a shuffle begins. No request. */
  void reading(int shuffleId, Supplier<List<MapRef>> winners) {
    if (!said.add(shuffleId)) {
      return;
    }
    // The number of reading tasks is unknown here: at most one a segment.
    ExchangePlan plan =
        ExchangePlan.choose(
            offsets.shape(shuffleId, winners.get(), Integer.MAX_VALUE),
            options,
            ExchangePrices.withoutFunction(slots()));
    LOG.info("Shuffle {}: {}", shuffleId, plan.why());
  }

  private static int slots() {
    var context = SparkContext$.MODULE$.getActive();
    return context.isEmpty() ? 1 : Math.max(1, context.get().defaultParallelism());
  }

  /** The shuffle is removed. */
  public void forget(int shuffleId) {
    said.remove(shuffleId);
  }
}
