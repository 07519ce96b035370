// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.shuffle.format.Segment;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A segment too large for one request, joined from its slices as they are read. Verified at its
 * end: a caller that reads to the end, or closes before it, gets an exception when the bytes are
 * wrong, and again with each call. Thread-safe: a task that ends closes what another of its threads
 * may still read.
 */
final class SliceStream extends InputStream {
  private final SegmentFetcher fetcher;
  private final FetchPlan.Wanted wanted;
  private final Segment segment;
  private final CRC32C crc = new CRC32C();
  private byte[] slice;
  private int position;
  private long leftBytes;
  private boolean cutShort;
  private @Nullable IOException failure;

  SliceStream(SegmentFetcher fetcher, FetchPlan.Wanted wanted, Segment segment, byte[] firstSlice) {
    this.fetcher = fetcher;
    this.wanted = wanted;
    this.segment = segment;
    this.slice = firstSlice;
    this.leftBytes = segment.lengthBytes();
    crc.update(firstSlice);
  }

  @Override
  public synchronized int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public synchronized int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    requireSound();
    if (length == 0) {
      return 0;
    }
    if (leftBytes == 0) {
      return cutShort ? failClosed() : -1;
    }
    if (position == slice.length) {
      nextSlice();
    }
    int count = Math.min(length, slice.length - position);
    System.arraycopy(slice, position, target, offset, count);
    position += count;
    leftBytes -= count;
    return count;
  }

  /**
   * Decoders and tasks may stop before the last byte; the checksum covers all bytes, so the rest is
   * read.
   */
  @Override
  public synchronized void close() throws IOException {
    requireSound();
    cutShort |= leftBytes > 0;
    while (leftBytes > 0 && !fetcher.isClosed()) {
      leftBytes -= slice.length - position;
      position = slice.length;
      if (leftBytes > 0) {
        nextSlice();
      }
    }
    leftBytes = 0;
    slice = new byte[0];
    position = 0;
  }

  private void nextSlice() throws IOException {
    slice = new byte[0]; // not both at once in memory
    position = 0;
    try {
      slice = verified(fetcher.nextSlice());
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private byte[] verified(byte[] next) throws SegmentUnavailable {
    crc.update(next);
    if (next.length == leftBytes && (int) crc.getValue() != segment.crc32c()) {
      throw new SegmentUnavailable(wanted, segment.partition(), "its checksum is wrong", null);
    }
    return next;
  }

  /**
   * A failed stream stays failed, also for later reads and for closing. Each call throws an
   * exception of its own: try-with-resources must not add one to itself.
   */
  private void requireSound() throws IOException {
    IOException known = failure;
    if (known instanceof SegmentUnavailable lost) {
      throw lost.again();
    }
    if (known != null) {
      throw new IOException(known.getMessage(), known);
    }
  }

  private static int failClosed() throws IOException {
    throw new IOException("Cannot read a shuffle segment: the stream is closed.");
  }
}
