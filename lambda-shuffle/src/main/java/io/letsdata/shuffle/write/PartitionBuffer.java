// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One segment of {@link PartitionBuffers}: ranges of the file, full chunks, and the chunk being
 * filled. Chunks grow with what is in memory, so that at most a quarter of it is room. Not
 * thread-safe.
 */
final class PartitionBuffer extends OutputStream {
  private static final int MIN_CHUNK_BYTES = 4 << 10;
  private static final int MAX_CHUNK_BYTES = PartitionBuffers.FLOOR_BYTES / 4;
  private static final byte[] NONE = new byte[0];

  private final PartitionBuffers owner;
  private final CRC32C crc = new CRC32C();
  private final List<Chunk> spilled = new ArrayList<>();
  private final List<byte[]> full = new ArrayList<>();
  private byte[] chunk = NONE;
  private int filled;
  private long fullBytes;
  private long lengthBytes;
  private boolean discarding;

  PartitionBuffer(PartitionBuffers owner) {
    this.owner = owner;
  }

  long lengthBytes() {
    return lengthBytes;
  }

  int crc32c() {
    return (int) crc.getValue();
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (discarding) {
      return;
    }
    crc.update(bytes, offset, length);
    lengthBytes += length;
    owner.written(length);
    int from = offset;
    int left = length;
    while (left > 0) {
      if (filled == chunk.length) {
        nextChunk(left);
      }
      int count = Math.min(left, chunk.length - filled);
      System.arraycopy(bytes, from, chunk, filled, count);
      filled += count;
      from += count;
      left -= count;
    }
  }

  private void nextChunk(int wanted) throws IOException {
    long bytes = Math.max(wanted, fullBytes / 4);
    int size = (int) Math.min(MAX_CHUNK_BYTES, Math.max(MIN_CHUNK_BYTES, bytes));
    byte[] next = owner.chunk(size); // may spill: nothing is here any more then
    if (filled > 0) {
      full.add(chunk);
      fullBytes += filled;
    }
    chunk = next;
    filled = 0;
  }

  /** To the end of the file. */
  void moveTo(SpillFile file) throws IOException {
    if (filled > 0) {
      long start = file.lengthBytes();
      for (byte[] each : full) {
        file.append(each, each.length);
      }
      file.append(chunk, filled);
      spilled.add(file.since(start));
    }
    forget();
  }

  /** Appends what this segment consists of. */
  void addTo(List<Chunk> chunks) {
    chunks.addAll(spilled);
    for (byte[] each : full) {
      chunks.add(Chunk.ofMemory(each, each.length));
    }
    if (filled > 0) {
      chunks.add(Chunk.ofMemory(chunk, filled));
    }
  }

  void discard() {
    discarding = true;
    forget();
  }

  private void forget() {
    full.clear();
    fullBytes = 0;
    chunk = NONE;
    filled = 0;
  }
}
