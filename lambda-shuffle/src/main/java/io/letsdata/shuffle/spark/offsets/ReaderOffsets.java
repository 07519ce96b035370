// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.offsets;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.spark.context.ShuffleContext;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Finds the best source of offsets for a reader. Thread-safe.
 *
 * @param registry of the driver's own process; empty in an executor
 * @param plans logs how the driver's own tasks read a shuffle
 */
@Internal
public record ReaderOffsets(
    ShuffleContext context, Optional<OutputRegistry> registry, PlanLog plans) {
  /**
   * The best index for a reader of some map outputs: a shipped table, at most 2 GETs a table; the
   * registry in the driver's own process; or none.
   *
   * @param wanted the map outputs that are to be read
   * @param whileWaiting called about ten times a second; may throw to give up
   */
  public MapOutputIndex index(
      int shuffleId,
      int startPartition,
      int endPartition,
      List<MapRef> wanted,
      Runnable whileWaiting)
      throws IOException {
    Optional<MapOutputIndex> shipped =
        new ShippedOffsets(context.runtime(), context.home(), context.tables())
            .index(shuffleId, startPartition, endPartition, wanted, whileWaiting);
    if (shipped.isPresent()) {
      return shipped.get();
    }
    if (registry.isEmpty()) {
      return MapOutputIndex.unknown();
    }
    plans.reading(shuffleId, () -> TrackedOutputs.of(shuffleId));
    return registry.get().index(shuffleId, startPartition, endPartition);
  }
}
