// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;

/**
 * The bytes of one reduce partition inside the object of one map output. Never empty: an empty
 * partition has no segment.
 *
 * @param partition the reduce partition
 * @param start offset in the object, in bytes
 * @param lengthBytes at least 1
 * @param crc32c of the bytes as stored (compressed, perhaps encrypted)
 */
@Internal
public record Segment(int partition, long start, long lengthBytes, int crc32c) {
  /** Refuses an empty segment and negative positions. */
  public Segment {
    if (partition < 0 || start < 0 || lengthBytes < 1 || start + lengthBytes < 0) {
      throw new IllegalArgumentException(
          "Invalid segment: partition " + partition + ", [" + start + ", +" + lengthBytes + ")");
    }
  }

  /** First offset after the segment. */
  public long end() {
    return start + lengthBytes;
  }
}
