// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.ByteRange;

/**
 * Decides how much of an object the next GET asks for, from how it has been read so far. Pure
 * arithmetic; one a stream, not thread-safe.
 *
 * <p>Bodies are streamed, so a range costs no memory; a range that is too long costs the connection
 * when it is given up, one that is too short costs another request.
 *
 * <ul>
 *   <li>A small object is asked for whole.
 *   <li>A read near the end asks for the tail: footers are read in several steps.
 *   <li>A stream that begins at 0 is taken to go on to the end: one GET.
 *   <li>Elsewhere the range is what was asked for, at least {@link #MIN_RANDOM_BYTES}; a reader
 *       that goes on where the last range ended gets twice as much each time, up to {@link
 *       #MAX_GROWN_BYTES}.
 * </ul>
 */
final class ReadWindow {

  /**
   * An object up to this length is one block: 1 MiB takes as long as two requests' latency at a
   * function's 625 Mbps.
   */
  static final long SMALL_OBJECT_BYTES = 1024 * 1024;

  /** What a read near the end fetches; parquet footers of some thousand column chunks fit. */
  static final long TAIL_BYTES = 256 * 1024;

  static final long MIN_RANDOM_BYTES = 128 * 1024;
  static final long MAX_GROWN_BYTES = 64L * 1024 * 1024;

  private boolean first = true;
  private long lastEnd = -1;
  private long grownBytes = MIN_RANDOM_BYTES;

  /**
   * The part of an object that is kept in memory once read, for a read at {@code position}; empty
   * when it should be streamed.
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
   * What to stream for a read at {@code position}.
   *
   * @param wantedBytes how much the caller has room for, at least 1
   * @param end where to stop: the object's length, or where a block begins that is at hand; more
   *     than {@code position}
   * @return begins at {@code position}, not empty
   */
  ByteRange stream(long position, long wantedBytes, long end) {
    long rangeEnd;
    if (first && position == 0) {
      rangeEnd = end;
    } else {
      boolean goesOn = position == lastEnd;
      grownBytes = goesOn ? Math.min(2 * grownBytes, MAX_GROWN_BYTES) : MIN_RANDOM_BYTES;
      rangeEnd = Math.min(end, position + Math.max(wantedBytes, grownBytes));
    }
    first = false;
    lastEnd = rangeEnd;
    return new ByteRange(position, rangeEnd);
  }

  /** Some other range was read, so that what follows is not a stream's beginning. */
  void readElsewhere() {
    first = false;
  }
}
