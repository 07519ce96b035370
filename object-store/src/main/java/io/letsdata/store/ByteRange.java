// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;

/**
 * Bytes {@code [start, end)} of an object.
 *
 * @param start the first byte, at least 0
 * @param end the byte after the last, at least {@code start}
 */
@Evolving
public record ByteRange(long start, long end) {

  public ByteRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("not a range: [" + start + ", " + end + ")");
    }
  }

  /** {@code lengthBytes} bytes from {@code start}. */
  public static ByteRange ofLength(long start, long lengthBytes) {
    return new ByteRange(start, Math.addExact(start, lengthBytes));
  }

  /** The number of bytes; 0 for an empty range. */
  public long lengthBytes() {
    return end - start;
  }

  /** {@code [start, end)}. */
  @Override
  public String toString() {
    return "[" + start + ", " + end + ")";
  }
}
