// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import java.nio.charset.StandardCharsets;

/**
 * Reads the primitive encodings of SPEC.md section 1 from {@code [position, limit)} of an array;
 * never beyond, whatever lengths the bytes contain. Not thread-safe.
 */
@Internal
public final class ByteSource {
  private final String what;
  private final byte[] bytes;
  private final int limit;
  private int position;

  /**
   * Over {@code bytes[start, limit)}.
   *
   * @param what names the bytes in errors, as in "map output 7 of shuffle 3"
   */
  public ByteSource(String what, byte[] bytes, int start, int limit) {
    this.what = what;
    this.bytes = bytes;
    this.position = start;
    this.limit = limit;
  }

  public int u8() throws ShuffleFormatException {
    need(1);
    return bytes[position++] & 0xFF;
  }

  public int u32() throws ShuffleFormatException {
    need(4);
    int value =
        (bytes[position] & 0xFF) << 24
            | (bytes[position + 1] & 0xFF) << 16
            | (bytes[position + 2] & 0xFF) << 8
            | (bytes[position + 3] & 0xFF);
    position += 4;
    return value;
  }

  long u64() throws ShuffleFormatException {
    long high = u32();
    return high << 32 | (u32() & 0xFFFFFFFFL);
  }

  public long varint() throws ShuffleFormatException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw damaged("a number is longer than 10 bytes");
  }

  /** A varint that must lie in {@code [0, max]}. */
  public long varint(String name, long max) throws ShuffleFormatException {
    long value = varint();
    if (value < 0 || value > max) {
      throw damaged(name + " is " + Long.toUnsignedString(value) + ", more than " + max);
    }
    return value;
  }

  public int count(String name, int max) throws ShuffleFormatException {
    return (int) varint(name, max);
  }

  public String text(int maxLength) throws ShuffleFormatException {
    int length = count("a text length", maxLength);
    need(length);
    String value = new String(bytes, position, length, StandardCharsets.US_ASCII);
    position += length;
    return value;
  }

  /** Skips so many bytes and returns the position of the first. */
  public int skip(long count) throws ShuffleFormatException {
    if (count > remaining()) {
      throw damaged("it ends too early");
    }
    int start = position;
    position += (int) count;
    return start;
  }

  int position() {
    return position;
  }

  public int remaining() {
    return limit - position;
  }

  public void end() throws ShuffleFormatException {
    if (position != limit) {
      throw damaged(remaining() + " bytes follow the end");
    }
  }

  public ShuffleFormatException damaged(String why) {
    return new ShuffleFormatException(
        "Cannot read " + what + ": " + why + ", at byte " + position + " of " + limit + ".");
  }

  private void need(int count) throws ShuffleFormatException {
    if (count > limit - position) {
      throw damaged("it ends too early");
    }
  }
}
