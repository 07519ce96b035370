// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.ByteRange;

/**
 * Decides how many bytes of an object the next GET requests, from the reads before it. Pure
 * arithmetic; one instance per stream, not thread-safe.
 *
 * <p>Bodies are streamed, so a range needs no memory. A range that is too long costs the connection
 * when the reader abandons it; a range that is too short costs another request.
 *
 * <ul>
 *   <li>A small object is read whole ({@link #SMALL_OBJECT_BYTES}).
 *   <li>A read near the end gets the whole tail ({@link #TAIL_BYTES}): footers are read in several
 *       steps.
 *   <li>A stream that begins at 0 is expected to continue to the end: one GET.
 *   <li>A buffer of {@link #PART_BYTES} is a part of something longer: {@link #MAX_GROWN_BYTES}.
 *   <li>Elsewhere the range is as long as the caller's buffer, at least {@link #MIN_RANDOM_BYTES}.
 *       It doubles with each read that continues where the last range ended, up to {@link
 *       #MAX_GROWN_BYTES}.
 * </ul>
 *
 * <p>Example: an object of 20 MiB, and reads of 64 KiB each. The tail begins at 20,480 - 256 =
 * 20,224 KiB.
 *
 * <ol>
 *   <li>8 bytes at the end: a block, {@code [20224, 20480)} KiB; later reads of the footer need no
 *       request.
 *   <li>At 4,096 KiB: not the first read, so {@code [4096, 4224)} KiB, the minimum of 128 KiB.
 *   <li>At 4,224 KiB, where the last range ended: twice as much, {@code [4224, 4480)} KiB.
 *   <li>At 4,480 KiB: {@code [4480, 4992)} KiB.
 *   <li>At 12,288 KiB, elsewhere: the minimum again, {@code [12288, 12416)} KiB.
 * </ol>
 *
 * <p>Without the read of the footer, a first read at 0 would be one GET of {@code [0, 20480)} KiB.
 */
final class ReadWindow {

  /**
   * An object up to this length is one block: 1 MiB takes as long as two requests' latency at a
   * function's 625 Mbps.
   */
  static final long SMALL_OBJECT_BYTES = 1024 * 1024;

  /**
   * The length of the tail, which a read near the end gets; Parquet footers of some thousand column
   * chunks fit.
   */
  static final long TAIL_BYTES = 256 * 1024;

  /**
   * Parquet and ORC read longer column chunks in parts of this length ({@code
   * parquet.read.allocation.size}): an object of 10 MiB would cost a request for each part.
   */
  static final long PART_BYTES = 8 * 1024 * 1024;

  static final long MIN_RANDOM_BYTES = 128 * 1024;
  static final long MAX_GROWN_BYTES = 64L * 1024 * 1024;

  private boolean first = true;
  private long lastEnd = -1;
  private long grownBytes = MIN_RANDOM_BYTES;

  /**
   * The range to hold in memory for a read at {@code position}; an empty range when the read should
   * be streamed.
   */
  static ByteRange block(long position, long lengthBytes) {
    if (lengthBytes <= SMALL_OBJECT_BYTES) {
      return new ByteRange(0, lengthBytes);
    }
    long tailStart = lengthBytes - TAIL_BYTES;
    return position >= tailStart
        ? new ByteRange(tailStart, lengthBytes)
        : new ByteRange(position, position);
  }

  /**
   * The range to stream for a read at {@code position}.
   *
   * @param wantedBytes length of the caller's buffer, at least 1
   * @param end latest end of the range: the object's length, or the start of a block in memory;
   *     greater than {@code position}
   * @return a range that begins at {@code position}; not empty
   */
  ByteRange stream(long position, long wantedBytes, long end) {
    long rangeEnd;
    if (first && position == 0) {
      rangeEnd = end;
    } else {
      boolean continues = position == lastEnd;
      grownBytes = continues ? Math.min(2 * grownBytes, MAX_GROWN_BYTES) : MIN_RANDOM_BYTES;
      long least = wantedBytes >= PART_BYTES ? MAX_GROWN_BYTES : grownBytes;
      rangeEnd = Math.min(end, position + Math.max(wantedBytes, least));
    }
    first = false;
    lastEnd = rangeEnd;
    return new ByteRange(position, rangeEnd);
  }

  /** Records a read without {@link #stream}: the next read is not the first one. */
  void recordOtherRead() {
    first = false;
  }
}
