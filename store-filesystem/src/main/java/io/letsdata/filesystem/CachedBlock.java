// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

/**
 * Bytes of an object in memory, from {@code start} on. The array does not change after
 * construction.
 */
final class CachedBlock {

  private final long start;
  private final byte[] bytes;

  CachedBlock(long start, byte[] bytes) {
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
   * Copies up to {@code length} bytes from {@code position}, which the block contains, and returns
   * their number.
   */
  int copy(long position, byte[] target, int offset, int length) {
    int from = (int) (position - start);
    int count = Math.min(length, bytes.length - from);
    System.arraycopy(bytes, from, target, offset, count);
    return count;
  }
}
