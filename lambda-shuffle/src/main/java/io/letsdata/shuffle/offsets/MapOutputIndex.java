// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import java.util.List;
import java.util.Optional;

/**
 * Exact positions of the segments of one range of reduce partitions. Implementations are immutable
 * and cost nothing to ask.
 */
@Internal
public interface MapOutputIndex {
  /**
   * The segments of one map output in this index's partitions.
   *
   * @return absent when this index does not know the map output, which may exist all the same: the
   *     footer of its object has the segments
   */
  Optional<MapSegments> segments(MapRef map);

  /** Merged objects with segments of this index's partitions; a second way to the bytes. */
  default List<MergedExtents> merged() {
    return List.of();
  }

  /** Knows no map output: every footer is read. */
  static MapOutputIndex unknown() {
    return map -> Optional.empty();
  }

  /** Asks the indexes in turn until one knows the map output; has the merged objects of all. */
  static MapOutputIndex first(List<MapOutputIndex> indexes) {
    List<MergedExtents> merged =
        indexes.stream().flatMap(index -> index.merged().stream()).toList();
    return new MapOutputIndex() {
      @Override
      public Optional<MapSegments> segments(MapRef map) {
        for (MapOutputIndex index : indexes) {
          Optional<MapSegments> found = index.segments(map);
          if (found.isPresent()) {
            return found;
          }
        }
        return Optional.empty();
      }

      @Override
      public List<MergedExtents> merged() {
        return merged;
      }
    };
  }
}
