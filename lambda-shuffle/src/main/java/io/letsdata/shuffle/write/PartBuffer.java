// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.store.ObjectContent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Collects at most one part's bytes without ever copying them to grow. Not thread-safe. */
final class PartBuffer {
  private static final int MIN_CHUNK_BYTES = 16 << 10;
  private static final int MAX_CHUNK_BYTES = 1 << 20;

  private final int capacityBytes;
  private final List<byte[]> chunks = new ArrayList<>();
  private int chunkIndex;
  private int inChunk;
  private int sizeBytes;

  PartBuffer(int capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  boolean isFull() {
    return sizeBytes == capacityBytes;
  }

  /** Copies as many bytes as fit; returns their number. */
  int write(byte[] bytes, int offset, int length) {
    if (isFull()) {
      return 0;
    }
    byte[] chunk = chunkWithRoom();
    int count = Math.min(length, Math.min(chunk.length - inChunk, capacityBytes - sizeBytes));
    System.arraycopy(bytes, offset, chunk, inChunk, count);
    inChunk += count;
    sizeBytes += count;
    return count;
  }

  /** The bytes so far; valid until the next {@link #write} or {@link #clear}. */
  ObjectContent content() {
    return contentOf(List.of(this), new byte[0]);
  }

  /** The bytes of several, and {@code tail}; valid as those of each. */
  static ObjectContent contentOf(List<PartBuffer> parts, byte[] tail) {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (PartBuffer part : parts) {
      int left = part.sizeBytes;
      for (int i = 0; left > 0; i++) {
        int count = Math.min(left, part.chunks.get(i).length);
        buffers.add(ByteBuffer.wrap(part.chunks.get(i), 0, count));
        left -= count;
      }
    }
    buffers.add(ByteBuffer.wrap(tail));
    return ObjectContent.of(buffers.toArray(ByteBuffer[]::new));
  }

  /** Empties the buffer and keeps its memory for the next part. */
  void clear() {
    chunkIndex = 0;
    inChunk = 0;
    sizeBytes = 0;
  }

  private byte[] chunkWithRoom() {
    if (chunkIndex < chunks.size() && inChunk == chunks.get(chunkIndex).length) {
      chunkIndex++;
      inChunk = 0;
    }
    if (chunkIndex == chunks.size()) {
      chunks.add(new byte[Math.min(MAX_CHUNK_BYTES, Math.max(MIN_CHUNK_BYTES, sizeBytes))]);
    }
    return chunks.get(chunkIndex);
  }
}
