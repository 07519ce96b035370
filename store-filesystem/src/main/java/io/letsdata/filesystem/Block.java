// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

/**
 * Bytes of an object held in memory, from {@code start} on. The array is not changed after
 * construction.
 */
final class Block {

  private final long start;
  private final byte[] bytes;

  Block(long start, byte[] bytes) {
    this.start = start;
    this.bytes = bytes;
  }

  long start() {
    return start;
  }

  int lengthBytes() {
    return bytes.length;
  }

  boolean contains(long position) {
    return position >= start && position < start + bytes.length;
  }

  /**
   * Copies what it has from {@code position}, which it contains, up to {@code length} bytes;
   * returns how many.
   */
  int copy(long position, byte[] target, int offset, int length) {
    int from = (int) (position - start);
    int count = Math.min(length, bytes.length - from);
    System.arraycopy(bytes, from, target, offset, count);
    return count;
  }
}
