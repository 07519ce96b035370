// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of a merged object did not come, or some of its segments are wrong. Nothing is lost: the
 * outputs' own objects have the same bytes. Never leaves {@link SegmentFetcher}.
 */
final class MergedUnavailable extends IOException {
  private final transient List<FetchPlan.Piece> pieces;
  private final transient byte @Nullable [] bytes;

  /**
   * Names what is to be read elsewhere.
   *
   * @param pieces of the request, at least one
   * @param bytes of the request when its other pieces are right
   */
  MergedUnavailable(
      FetchPlan.Request request,
      List<FetchPlan.Piece> pieces,
      byte @Nullable [] bytes,
      @Nullable Throwable cause) {
    super(
        "Cannot use "
            + pieces.size()
            + " of "
            + request.pieces().size()
            + " segments in "
            + request.object()
            + " ["
            + request.start()
            + ", "
            + request.end()
            + "): "
            + (cause == null ? "their checksums are wrong." : cause.getMessage()),
        cause);
    this.pieces = pieces;
    this.bytes = bytes;
  }

  List<FetchPlan.Piece> pieces() {
    return pieces;
  }

  /** The request's bytes; empty when there are none. */
  byte[] bytes() {
    return bytes == null ? new byte[0] : bytes;
  }
}
