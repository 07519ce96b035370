// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectBody;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.apache.hadoop.fs.FileRange;

/**
 * Reads many ranges of one object with few GETs in turn. Needs the caller's buffers and 64 KiB of
 * memory.
 */
final class VectoredReads {

  /** To skip a gap of this size within a body is cheaper than another request. */
  static final long MAX_GAP_BYTES = StoreInputStream.MAX_SKIPPED_BYTES;

  private static final int CHUNK_BYTES = 64 * 1024;

  private final PinnedObject object;

  VectoredReads(PinnedObject object) {
    this.object = object;
  }

  /**
   * Fills a buffer for each range and completes its future, all before it returns. A failure
   * completes the group's unfinished futures and is not thrown, as {@code PositionedReadable}
   * requires.
   *
   * @return bytes read for the caller
   * @throws EOFException when a range reaches past the end; nothing was read
   */
  int read(List<? extends FileRange> ranges, IntFunction<ByteBuffer> allocate) throws IOException {
    List<? extends FileRange> sorted = sorted(ranges);
    int bytes = 0;
    for (List<FileRange> group : groups(sorted, MAX_GAP_BYTES)) {
      bytes += readGroup(group, allocate);
    }
    return bytes;
  }

  private List<? extends FileRange> sorted(List<? extends FileRange> ranges) throws IOException {
    for (FileRange range : ranges) {
      long end = range.getOffset() + range.getLength();
      if (range.getOffset() < 0 || range.getLength() < 0 || end > object.stat().lengthBytes()) {
        throw new EOFException(
            "Cannot read %s [%s, %s): it has %s bytes."
                .formatted(object.location(), range.getOffset(), end, object.stat().lengthBytes()));
      }
      range.setData(new CompletableFuture<>());
    }
    List<FileRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(FileRange::getOffset));
    for (int i = 1; i < sorted.size(); i++) {
      if (end(sorted.get(i - 1)) > sorted.get(i).getOffset()) {
        throw new IllegalArgumentException(
            "Cannot read " + object.location() + ": the ranges overlap.");
      }
    }
    return sorted;
  }

  /**
   * Joins neighbours: {@code [0,4) [5,9) [40,44)} with gap 2 gives {@code [0,4) [5,9)} and {@code
   * [40,44)}.
   */
  static List<List<FileRange>> groups(List<? extends FileRange> sorted, long maxGapBytes) {
    List<List<FileRange>> groups = new ArrayList<>();
    long end = 0;
    for (FileRange range : sorted) {
      if (groups.isEmpty() || range.getOffset() - end > maxGapBytes) {
        groups.add(new ArrayList<>());
      }
      groups.get(groups.size() - 1).add(range);
      end = end(range);
    }
    return groups;
  }

  private static long end(FileRange range) {
    return range.getOffset() + range.getLength();
  }

  private int readGroup(List<FileRange> group, IntFunction<ByteBuffer> allocate) {
    long start = group.get(0).getOffset();
    long end = end(group.get(group.size() - 1));
    int bytes = 0;
    try (ObjectBody body = start == end ? null : object.open(new ByteRange(start, end))) {
      long position = start;
      for (FileRange range : group) {
        ByteBuffer buffer = allocate.apply(range.getLength());
        if (body != null) {
          body.skipNBytes(range.getOffset() - position);
          fill(body, buffer, range.getLength());
        }
        buffer.flip();
        position = end(range);
        bytes += range.getLength();
        range.getData().complete(buffer);
      }
    } catch (IOException | RuntimeException e) {
      group.forEach(range -> range.getData().completeExceptionally(e));
    }
    return bytes;
  }

  private static void fill(ObjectBody body, ByteBuffer buffer, int length) throws IOException {
    byte[] chunk = new byte[Math.min(length, CHUNK_BYTES)];
    for (int left = length; left > 0; ) {
      int count = body.readNBytes(chunk, 0, Math.min(left, chunk.length));
      buffer.put(chunk, 0, count);
      left -= count;
    }
  }
}
