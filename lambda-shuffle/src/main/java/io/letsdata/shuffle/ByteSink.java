package io.letsdata.shuffle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Appends the primitive encodings of SPEC.md section 1. Not thread-safe. */
final class ByteSink {
  private final ByteArrayOutputStream bytes;

  ByteSink(int expectedBytes) {
    bytes = new ByteArrayOutputStream(expectedBytes);
  }

  ByteSink u8(int value) {
    bytes.write(value);
    return this;
  }

  ByteSink u32(int value) {
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
  ByteSink varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return this;
  }

  ByteSink text(String value) {
    byte[] ascii = value.getBytes(StandardCharsets.US_ASCII);
    varint(ascii.length);
    return raw(ascii);
  }

  ByteSink raw(byte[] value, int start, int length) {
    bytes.write(value, start, length);
    return this;
  }

  ByteSink raw(byte[] value) {
    bytes.write(value, 0, value.length);
    return this;
  }

  ByteSink raw(ByteSink other) {
    try {
      other.bytes.writeTo(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e); // an array takes everything
    }
    return this;
  }

  int size() {
    return bytes.size();
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
