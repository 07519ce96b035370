// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with an output of 128 bits: a keyed pseudorandom function, used as a message
 * authentication code (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, and the
 * authors' reference code). No JDK class and no library of the function has one that is fast there:
 * Lambda runs Java with the first compiler tier only, which has no intrinsics for SHA-2 or AES.
 *
 * <p>Adds, rotations and exclusive ors of four 64-bit words, so it takes the same time for any key
 * and content. Not thread-safe.
 */
@Internal
public final class SipHash {
  /** Length of a key. */
  public static final int KEY_BYTES = 16;

  /** Length of a code. */
  public static final int CODE_BYTES = 16;

  private static final int WORDS = 512;

  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long lengthBytes;

  /** Up to 7 bytes that are not a whole word yet, the first in the lowest byte. */
  private long partial;

  /**
   * @param key of {@value #KEY_BYTES} bytes
   */
  SipHash(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "A key has " + KEY_BYTES + " bytes, not " + key.length + ".");
    }
    ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
    long k0 = words.getLong();
    long k1 = words.getLong();
    v0 = k0 ^ 0x736f6d6570736575L;
    v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
    v2 = k0 ^ 0x6c7967656e657261L;
    v3 = k1 ^ 0x7465646279746573L;
  }

  private SipHash(SipHash other) {
    v0 = other.v0;
    v1 = other.v1;
    v2 = other.v2;
    v3 = other.v3;
    lengthBytes = other.lengthBytes;
    partial = other.partial;
  }

  /** A hash of the same key and the bytes so far, which goes on by itself. */
  public SipHash copy() {
    return new SipHash(this);
  }

  /** More of the message. */
  public void update(byte[] bytes) {
    update(bytes, 0, bytes.length);
  }

  /** More of the message. */
  public void update(byte[] bytes, int offset, int length) {
    int position = offset;
    int end = offset + length;
    while (position < end && (lengthBytes & 7) != 0) {
      add(bytes[position++]);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long[] words = new long[Math.min(WORDS, (end - position) >> 3)];
    while (end - position >= Long.BYTES) {
      int count = Math.min(words.length, (end - position) >> 3);
      buffer
          .position(position)
          .slice()
          .order(ByteOrder.LITTLE_ENDIAN)
          .asLongBuffer()
          .get(words, 0, count);
      compress(words, count);
      position += count << 3;
      lengthBytes += (long) count << 3;
    }
    while (position < end) {
      add(bytes[position++]);
    }
  }

  private void add(byte value) {
    int at = (int) (lengthBytes & 7);
    partial |= (value & 0xFFL) << (8 * at);
    lengthBytes++;
    if (at == 7) {
      compress(new long[] {partial}, 1);
      partial = 0;
    }
  }

  /** The code of the whole message, after which this must not be used again. */
  public byte[] code() {
    compress(new long[] {partial | lengthBytes << 56}, 1);
    v2 ^= 0xee;
    finish();
    long low = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= 0xdd;
    finish();
    long high = v0 ^ v1 ^ v2 ^ v3;
    return ByteBuffer.allocate(CODE_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(low)
        .putLong(high)
        .array();
  }

  private void finish() {
    for (int round = 0; round < 4; round++) {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32) + v3;
      v2 += v1;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }

  /**
   * Two rounds a word, in local variables and with rotations written as shifts: the first compiler
   * tier neither keeps fields in registers nor knows {@link Long#rotateLeft}.
   */
  private void compress(long[] words, int count) {
    long a = v0;
    long b = v1;
    long c = v2;
    long d = v3;
    for (int i = 0; i < count; i++) {
      long word = words[i];
      d ^= word;
      a += b;
      c += d;
      b = (b << 13 | b >>> 51) ^ a;
      d = (d << 16 | d >>> 48) ^ c;
      a = (a << 32 | a >>> 32) + d;
      c += b;
      d = (d << 21 | d >>> 43) ^ a;
      b = (b << 17 | b >>> 47) ^ c;
      c = c << 32 | c >>> 32;
      a += b;
      c += d;
      b = (b << 13 | b >>> 51) ^ a;
      d = (d << 16 | d >>> 48) ^ c;
      a = (a << 32 | a >>> 32) + d;
      c += b;
      d = (d << 21 | d >>> 43) ^ a;
      b = (b << 17 | b >>> 47) ^ c;
      c = c << 32 | c >>> 32;
      a ^= word;
    }
    v0 = a;
    v1 = b;
    v2 = c;
    v3 = d;
  }
}
