// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Appends the primitive encodings of SPEC.md section 1. Not thread-safe. */
@Internal
public final class ByteSink {
  private final ByteArrayOutputStream bytes;

  public ByteSink(int expectedBytes) {
    bytes = new ByteArrayOutputStream(expectedBytes);
  }

  public ByteSink u8(int value) {
    bytes.write(value);
    return this;
  }

  public ByteSink u32(int value) {
    bytes.write(value >>> 24);
    bytes.write(value >>> 16);
    bytes.write(value >>> 8);
    bytes.write(value);
    return this;
  }

  ByteSink u64(long value) {
    return u32((int) (value >>> 32)).u32((int) value);
  }

  /** Seven bits a byte, lowest first; at most 10 bytes; {@code value} counts as unsigned. */
  public ByteSink varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return this;
  }

  public ByteSink text(String value) {
    byte[] ascii = value.getBytes(StandardCharsets.US_ASCII);
    varint(ascii.length);
    return raw(ascii);
  }

  public ByteSink raw(byte[] value, int start, int length) {
    bytes.write(value, start, length);
    return this;
  }

  public ByteSink raw(byte[] value) {
    bytes.write(value, 0, value.length);
    return this;
  }

  public ByteSink raw(ByteSink other) {
    try {
      other.bytes.writeTo(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e); // an array takes everything
    }
    return this;
  }

  public int size() {
    return bytes.size();
  }

  public byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
