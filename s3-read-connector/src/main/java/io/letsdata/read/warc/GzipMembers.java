// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates gzip members in turn and records the byte of the object where each begins (RFC 1952).
 * {@link java.util.zip.GZIPInputStream} has no positions, and jwarc's own channel checks no CRC. A
 * read never crosses from one member into the next. Not thread-safe; closes its source.
 */
final class GzipMembers extends InputStream implements Members {
  static final int MAGIC_1 = 0x1f;
  static final int MAGIC_2 = 0x8b;

  private static final int DEFLATE = 8;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FIXED_HEADER_REST = 6;
  private static final int HEADER_START_BYTES = 4;
  private static final int RESERVED_FLAGS = 0xe0;

  /** Enough for a member's header and the first block of its deflate stream. */
  private static final int LOOKED_AT_BYTES = 16 * 1024;

  private final InputStream in;
  private final byte[] input = new byte[64 * 1024];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private int start;
  private int end;
  private long consumedBytes;
  private long memberStart;
  private boolean inMember;
  private boolean damaged;

  /** Where accepted deviations are counted; null refuses them. */
  private final @Nullable RecordFaults lenient;

  /**
   * @param lenient counts zeros between and after the members, which are accepted; null refuses
   *     them
   */
  GzipMembers(InputStream in, @Nullable RecordFaults lenient) {
    this(in, lenient, 0);
  }

  /**
   * As the other constructor, within an object.
   *
   * @param startByte of the object where {@code in} begins
   */
  GzipMembers(InputStream in, @Nullable RecordFaults lenient, long startByte) {
    this.in = in;
    this.lenient = lenient;
    this.consumedBytes = startByte;
    this.memberStart = startByte;
  }

  /**
   * Moves to the first member that begins before {@code endByte} of the object and whose unpacked
   * bytes begin with {@code mark}. Compressed bytes that look like all of this by chance are one in
   * 2^60.
   *
   * @return false when there is none
   */
  boolean seek(byte[] mark, long endByte) throws IOException {
    while (consumedBytes < endByte && buffered(HEADER_START_BYTES)) {
      if (isMemberHeader() && startsWith(mark)) {
        return true;
      }
      consume(1);
    }
    return false;
  }

  private boolean startsWith(byte[] mark) throws IOException {
    boolean unused = buffered(LOOKED_AT_BYTES); // near the end of the object there are fewer
    int length = Math.min(LOOKED_AT_BYTES, end - start);
    try (InputStream unpacked =
        new GZIPInputStream(new ByteArrayInputStream(input, start, length))) {
      return Arrays.equals(unpacked.readNBytes(mark.length), mark);
    } catch (IOException e) {
      return false; // no member after all
    }
  }

  private boolean isMemberHeader() {
    return (input[start] & 0xff) == MAGIC_1
        && (input[start + 1] & 0xff) == MAGIC_2
        && input[start + 2] == DEFLATE
        && (input[start + 3] & RESERVED_FLAGS) == 0;
  }

  @Override
  public long memberStart() {
    return memberStart;
  }

  @Override
  public boolean isDamaged() {
    return damaged;
  }

  /**
   * Looks for bytes that begin another member than the damaged one: from its second byte if that is
   * still in the buffer, since damage may have run on into the next, else from the last byte that
   * was understood. Compressed bytes may look like a member by chance; then the next read fails
   * again, further on.
   */
  @Override
  public void skipToNextMember() throws IOException {
    damaged = false;
    inMember = false;
    long behind = consumedBytes - memberStart - 1;
    if (behind > 0 && behind <= start) {
      start -= (int) behind;
      consumedBytes -= behind;
    }
    while (buffered(HEADER_START_BYTES)) {
      if (isMemberHeader()) {
        return;
      }
      consume(1);
    }
    consume(end - start);
  }

  /** Makes {@code bytes} available from {@link #start}; false when the object ends first. */
  private boolean buffered(int bytes) throws IOException {
    while (end - start < bytes) {
      System.arraycopy(input, start, input, 0, end - start);
      end -= start;
      start = 0;
      int count = in.read(input, end, input.length - end);
      if (count < 0) {
        return false;
      }
      end += count;
    }
    return true;
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
      throw damaged(String.valueOf(e.getMessage()));
    }
  }

  private boolean header() throws IOException {
    if (start == end && !fill()) {
      return false;
    }
    if (lenient != null && input[start] == 0 && !skipZeros(lenient)) {
      return false;
    }
    memberStart = consumedBytes;
    inMember = true;
    if (next() != MAGIC_1 || next() != MAGIC_2) {
      throw damaged("no gzip member begins here");
    }
    if (next() != DEFLATE) {
      throw damaged("unknown compression method");
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

  /** Padding of a tape or a block device; false when the object ends with it. */
  private boolean skipZeros(RecordFaults accepted) throws IOException {
    accepted.accept("zeros after a gzip member, from byte " + consumedBytes);
    do {
      consume(1);
      if (start == end && !fill()) {
        return false;
      }
    } while (input[start] == 0);
    return true;
  }

  private void trailer() throws IOException {
    long expectedCrc = littleEndian();
    long expectedBytes = littleEndian();
    if (expectedCrc != crc.getValue()) {
      throw damaged("CRC %08x, should be %08x".formatted(crc.getValue(), expectedCrc));
    }
    if (expectedBytes != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw damaged("length does not fit");
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
    int count = in.read(input, 0, input.length);
    if (count <= 0) {
      return false; // what was read stays, for skipToNextMember
    }
    start = 0;
    end = count;
    return true;
  }

  private DamagedRecord endsEarly() {
    damaged = true;
    return DamagedRecord.at(
        "the gzip member that begins at byte %s ends early, at byte %s"
            .formatted(memberStart, consumedBytes));
  }

  private DamagedRecord damaged(String why) {
    damaged = true;
    return DamagedRecord.at(
        "the gzip member that begins at byte %s is damaged near byte %s (%s)"
            .formatted(memberStart, consumedBytes, why));
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
