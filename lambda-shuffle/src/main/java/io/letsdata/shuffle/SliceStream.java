package io.letsdata.shuffle;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * A segment too large for one request, joined from its slices as they are read. Verified at its
 * end: whoever reads to the end, or closes before it, gets an exception when the bytes are wrong.
 * Not thread-safe.
 */
final class SliceStream extends InputStream {
  private final SegmentFetcher fetcher;
  private final FetchPlan.Wanted wanted;
  private final Segment segment;
  private final CRC32C crc = new CRC32C();
  private byte[] slice;
  private int position;
  private long leftBytes;
  private boolean closed;

  SliceStream(SegmentFetcher fetcher, FetchPlan.Wanted wanted, Segment segment, byte[] firstSlice) {
    this.fetcher = fetcher;
    this.wanted = wanted;
    this.segment = segment;
    this.slice = firstSlice;
    this.leftBytes = segment.lengthBytes();
    crc.update(firstSlice);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (leftBytes == 0 || closed) {
      return closed && leftBytes > 0 ? failClosed() : -1;
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
   * Decoders may stop before the last byte; the bytes that they leave are verified all the same.
   */
  @Override
  public void close() throws IOException {
    while (!closed && leftBytes > 0 && !fetcher.isClosed()) {
      leftBytes -= slice.length - position;
      position = slice.length;
      if (leftBytes > 0) {
        nextSlice();
      }
    }
    closed = true;
    slice = new byte[0];
    position = 0;
  }

  private void nextSlice() throws IOException {
    slice = new byte[0]; // not both at once in memory
    position = 0;
    slice = fetcher.nextSlice();
    crc.update(slice);
    if (slice.length == leftBytes && (int) crc.getValue() != segment.crc32c()) {
      throw new SegmentUnavailable(wanted, segment.partition(), "its checksum is wrong", null);
    }
  }

  private static int failClosed() throws IOException {
    throw new IOException("Cannot read a shuffle segment: the stream is closed.");
  }
}
