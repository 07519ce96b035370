// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads buffers in turn, through its own views of them. Not thread-safe. */
final class BufferStream extends InputStream {

  private final List<ByteBuffer> views;
  private int index;

  BufferStream(List<ByteBuffer> buffers) {
    this.views = buffers.stream().map(ByteBuffer::duplicate).toList();
  }

  @Override
  public int read() {
    ByteBuffer current = current();
    return current.hasRemaining() ? current.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    ByteBuffer current = current();
    int count = Math.min(length, current.remaining());
    if (count == 0) {
      return -1;
    }
    current.get(target, offset, count);
    return count;
  }

  @Override
  public int available() {
    return current().remaining();
  }

  private ByteBuffer current() {
    while (!views.get(index).hasRemaining() && index < views.size() - 1) {
      index++;
    }
    return views.get(index);
  }
}
