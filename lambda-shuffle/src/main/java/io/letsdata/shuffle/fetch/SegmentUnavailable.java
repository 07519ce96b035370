// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.options.Internal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A map output is missing, shorter than it was written, or has other bytes: reading it again does
 * not help, recomputing it does.
 */
@Internal
public final class SegmentUnavailable extends IOException {
  private final FetchPlan.Wanted wanted;
  private final int partition;

  SegmentUnavailable(
      FetchPlan.Wanted wanted, int partition, String why, @Nullable Throwable cause) {
    super(
        "Cannot read map output "
            + wanted.map().mapId()
            + "-"
            + wanted.map().nonce()
            + ", partition "
            + partition
            + ", in "
            + wanted.object()
            + ": "
            + why
            + ". Its map task must run again.",
        cause);
    this.wanted = wanted;
    this.partition = partition;
  }

  private SegmentUnavailable(SegmentUnavailable first) {
    super(first.getMessage(), first);
    this.wanted = first.wanted;
    this.partition = first.partition;
  }

  /** The same once more, to be thrown where the first may still be on its way. */
  SegmentUnavailable again() {
    return new SegmentUnavailable(this);
  }

  /** The map output concerned. */
  public FetchPlan.Wanted wanted() {
    return wanted;
  }

  /** The first reduce partition concerned. */
  public int partition() {
    return partition;
  }
}
