// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of a merged object could not be read, or some of its segments are wrong. Nothing is lost:
 * the outputs' own objects have the same bytes. Never leaves {@link SegmentFetcher}.
 */
final class MergedUnavailable extends IOException {
  private final transient List<FetchPlan.PlacedSegment> segments;
  private final transient byte @Nullable [] bytes;

  /**
   * Names the segments that must be read elsewhere.
   *
   * @param segments of the request, at least one
   * @param bytes of the request when its other segments are right
   */
  MergedUnavailable(
      FetchPlan.Request request,
      List<FetchPlan.PlacedSegment> segments,
      byte @Nullable [] bytes,
      @Nullable Throwable cause) {
    super(
        "Cannot use "
            + segments.size()
            + " of "
            + request.segments().size()
            + " segments in "
            + request.object()
            + " ["
            + request.start()
            + ", "
            + request.end()
            + "): "
            + (cause == null ? "their checksums are wrong." : cause.getMessage()),
        cause);
    this.segments = segments;
    this.bytes = bytes;
  }

  List<FetchPlan.PlacedSegment> segments() {
    return segments;
  }

  /** The request's bytes; empty when there are none. */
  byte[] bytes() {
    return bytes == null ? new byte[0] : bytes;
  }
}
