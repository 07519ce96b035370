// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.store.ObjectContent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the bytes of one part; grows in chunks, so a small output needs little memory. Used by
 * one thread.
 */
final class PartBuffer {
  private static final int CHUNK_BYTES = 256 << 10;

  private final int limitBytes;
  private final List<byte[]> chunks = new ArrayList<>();
  private int lengthBytes;

  /** A buffer of at most {@code limitBytes}, which is at least 1. */
  PartBuffer(int limitBytes) {
    if (limitBytes < 1) {
      throw new IllegalArgumentException("limitBytes is " + limitBytes);
    }
    this.limitBytes = limitBytes;
  }

  boolean isFull() {
    return lengthBytes == limitBytes;
  }

  boolean isEmpty() {
    return lengthBytes == 0;
  }

  /**
   * Adds as many bytes as fit into the current chunk and returns their number; 0 only when it is
   * full or {@code length} is 0.
   */
  int add(byte[] bytes, int offset, int length) {
    int inChunk = lengthBytes % CHUNK_BYTES;
    int taken = Math.min(Math.min(length, limitBytes - lengthBytes), CHUNK_BYTES - inChunk);
    if (taken == 0) {
      return 0;
    }
    int chunk = lengthBytes / CHUNK_BYTES;
    if (chunk == chunks.size()) {
      chunks.add(new byte[Math.min(CHUNK_BYTES, limitBytes)]);
    }
    System.arraycopy(bytes, offset, chunks.get(chunk), inChunk, taken);
    lengthBytes += taken;
    return taken;
  }

  /** The bytes collected; valid until the next {@link #add} or {@link #clear}. */
  ObjectContent content() {
    ByteBuffer[] buffers = new ByteBuffer[(lengthBytes + CHUNK_BYTES - 1) / CHUNK_BYTES];
    for (int i = 0; i < buffers.length; i++) {
      int used = Math.min(CHUNK_BYTES, lengthBytes - i * CHUNK_BYTES);
      buffers[i] = ByteBuffer.wrap(chunks.get(i), 0, used);
    }
    return ObjectContent.of(buffers);
  }

  /** Empties the buffer and keeps its memory for the next part. */
  void clear() {
    lengthBytes = 0;
  }
}
