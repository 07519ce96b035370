// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A growing byte array that is filled, handed on and filled again, without the copies and locks of
 * ByteArrayOutputStream.
 *
 * <p>Not thread-safe.
 */
final class Bytes {
  private byte[] array = new byte[16 * 1024];
  private int length;

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  Bytes add(byte[] more) {
    return add(more, 0, more.length);
  }

  Bytes add(byte[] more, int offset, int count) {
    ensure(count);
    System.arraycopy(more, offset, array, length, count);
    length += count;
    return this;
  }

  Bytes add(char ascii) {
    ensure(1);
    array[length++] = (byte) ascii;
    return this;
  }

  Bytes add(String text) {
    return add(text.getBytes(UTF_8));
  }

  private void ensure(int count) {
    if (array.length - length < count) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, length + count));
    }
  }
}
