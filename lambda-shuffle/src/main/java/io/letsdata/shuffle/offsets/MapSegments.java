// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.Segment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one map output in a range of reduce partitions.
 *
 * @param segments the non-empty ones, ascending by partition, perhaps none
 * @param inline when given, {@code segments} lie in it and not in the output's object
 */
@Internal
@SuppressWarnings("ArrayRecordComponent") // a carrier; compared by tests through its list
public record MapSegments(List<Segment> segments, byte @Nullable [] inline) {
  /** Segments in the output's own object. */
  public static MapSegments stored(List<Segment> segments) {
    return new MapSegments(segments, null);
  }
}
