package io.letsdata.shuffle;

import java.util.Optional;

/**
 * Exact positions of the segments of one range of reduce partitions. Implementations are immutable
 * and cost nothing to ask.
 */
public interface MapOutputIndex {
  /**
   * What one map output has for this index's partitions.
   *
   * @return absent when this index does not know the map output, which says nothing about whether
   *     it exists: its object's footer then tells
   */
  Optional<MapSegments> segments(MapRef map);

  /** Knows no map output: every footer is read. */
  static MapOutputIndex unknown() {
    return map -> Optional.empty();
  }
}
