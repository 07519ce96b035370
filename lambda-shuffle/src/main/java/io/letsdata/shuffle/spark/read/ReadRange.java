// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.read;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import java.util.List;

/**
 * The part of a shuffle that one reader reads: reduce partitions {@code [startPartition,
 * endPartition)} of some map outputs.
 *
 * @param outputs those with anything in the partitions, in the order of their map indexes
 */
@Internal
public record ReadRange(List<WantedOutput> outputs, int startPartition, int endPartition) {
  /** The map outputs. */
  List<MapRef> maps() {
    return outputs.stream().map(WantedOutput::map).toList();
  }
}
