// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Inflates gzip members in turn and records the byte of the object where each begins (RFC 1952).
 * {@link java.util.zip.GZIPInputStream} has no positions, and jwarc's own channel checks no CRC. A
 * read never crosses from one member into the next. Not thread-safe; closes its source.
 */
final class GzipMembers extends InputStream {
  static final int MAGIC_1 = 0x1f;
  static final int MAGIC_2 = 0x8b;

  private static final int DEFLATE = 8;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FIXED_HEADER_REST = 6;

  private final InputStream in;
  private final byte[] input = new byte[64 * 1024];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private int start;
  private int end;
  private long consumedBytes;
  private long memberStart;
  private boolean inMember;

  GzipMembers(InputStream in) {
    this.in = in;
  }

  /** The byte where the member of the last read begins. */
  long memberStart() {
    return memberStart;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      if (!inMember && !header()) {
        return -1;
      }
      int count = inflate(target, offset, length);
      crc.update(target, offset, count);
      if (inflater.finished()) {
        trailer();
      }
      if (count > 0) {
        return count;
      }
    }
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      int count = 0;
      while (count == 0 && !inflater.finished()) {
        if (inflater.needsInput()) {
          if (start == end && !fill()) {
            throw endsEarly();
          }
          inflater.setInput(input, start, end - start);
        }
        count = inflater.inflate(target, offset, length);
        consume(end - start - inflater.getRemaining());
      }
      return count;
    } catch (DataFormatException e) {
      throw damaged(String.valueOf(e.getMessage()), e);
    }
  }

  private boolean header() throws IOException {
    if (start == end && !fill()) {
      return false;
    }
    memberStart = consumedBytes;
    inMember = true;
    if (next() != MAGIC_1 || next() != MAGIC_2) {
      throw damaged("no gzip member begins here", null);
    }
    if (next() != DEFLATE) {
      throw damaged("unknown compression method", null);
    }
    int flags = next();
    skip(FIXED_HEADER_REST);
    if ((flags & FLAG_EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      skip(2);
    }
    inflater.reset();
    crc.reset();
    return true;
  }

  private void trailer() throws IOException {
    long expectedCrc = littleEndian();
    long expectedBytes = littleEndian();
    if (expectedCrc != crc.getValue()) {
      throw damaged("CRC %08x, should be %08x".formatted(crc.getValue(), expectedCrc), null);
    }
    if (expectedBytes != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw damaged("length does not fit", null);
    }
    inMember = false;
  }

  private long littleEndian() throws IOException {
    return next() | (long) next() << 8 | (long) next() << 16 | (long) next() << 24;
  }

  private int next() throws IOException {
    if (start == end && !fill()) {
      throw endsEarly();
    }
    int value = input[start] & 0xff;
    consume(1);
    return value;
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      next();
    }
  }

  private void skipText() throws IOException {
    int character = next();
    while (character != 0) {
      character = next();
    }
  }

  private void consume(int bytes) {
    start += bytes;
    consumedBytes += bytes;
  }

  private boolean fill() throws IOException {
    start = 0;
    end = Math.max(0, in.read(input, 0, input.length));
    return end > 0;
  }

  private EOFException endsEarly() {
    return new EOFException(
        "the gzip member that begins at byte %s ends early, at byte %s"
            .formatted(memberStart, consumedBytes));
  }

  private ZipException damaged(String why, @org.jspecify.annotations.Nullable Throwable cause) {
    ZipException damaged =
        new ZipException(
            "the gzip member that begins at byte %s is damaged near byte %s (%s)"
                .formatted(memberStart, consumedBytes, why));
    damaged.initCause(cause);
    return damaged;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
