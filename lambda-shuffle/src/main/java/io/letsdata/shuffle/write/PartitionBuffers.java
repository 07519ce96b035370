// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one map output while they are written, all at the same time: in memory as far as
 * it is granted, else in one local file. Used by one thread, which closes it: memory is given back
 * then and the file deleted. Costs no request.
 *
 * <p>When memory is refused, all that is there goes to the end of the file; a segment is then its
 * ranges of the file, in order, and what is in memory after them.
 */
@Internal
public final class PartitionBuffers implements AutoCloseable {
  /**
   * Held without being granted, so that every chunk finds room after a spill, small outputs ask for
   * nothing, and a task that is granted nothing spills this much at a time. Spark's bypass writer
   * has an uncounted buffer of 32 KiB a partition.
   */
  public static final int FLOOR_BYTES = 1 << 20;

  private static final int GRANT_BYTES = 1 << 20;

  private final PartitionBuffer[] buffers;
  private final BufferMemory memory;
  private final SpillFile file;
  private long heldBytes;
  private long grantedBytes;
  private long peakBytes;
  private long lengthBytes;
  private long memoryBytesSpilled;
  private long spillNanos;
  private boolean ended;
  private @Nullable IOException spillFailure;

  /**
   * Empty ones.
   *
   * @param partitions number of reduce partitions, may be 0
   * @param file where to spill; asked once at most, it need not exist yet
   */
  public PartitionBuffers(int partitions, BufferMemory memory, Supplier<Path> file) {
    this.memory = memory;
    this.file = new SpillFile(file);
    this.buffers = new PartitionBuffer[partitions];
    for (int partition = 0; partition < partitions; partition++) {
      buffers[partition] = new PartitionBuffer(this);
    }
  }

  /** Appends to a partition's segment. Closing it does nothing; nothing is buffered before it. */
  public OutputStream stream(int partition) {
    return buffers[partition];
  }

  /** Bytes of each segment so far. */
  public long[] lengths() {
    long[] lengths = new long[buffers.length];
    for (int partition = 0; partition < lengths.length; partition++) {
      lengths[partition] = buffers[partition].lengthBytes();
    }
    return lengths;
  }

  /** Of all segments so far; free. */
  public long lengthBytes() {
    return lengthBytes;
  }

  /** Time that spills took. */
  public long spillNanos() {
    return spillNanos;
  }

  /** The most memory that was held. */
  public long peakBytes() {
    return peakBytes;
  }

  /** Memory that spills have freed. */
  public long memoryBytesSpilled() {
    return memoryBytesSpilled;
  }

  /** Length of the file. */
  public long diskBytesSpilled() {
    return file.lengthBytes();
  }

  /**
   * Moves all that is in memory to the file. Does nothing once the segments are being stored.
   *
   * @return how much granted memory was given back
   * @throws IOException when the disk fails; the output cannot be stored then
   */
  public long spill() throws IOException {
    if (ended || heldBytes == 0) {
      return 0;
    }
    requireWhole();
    long since = System.nanoTime();
    try {
      for (PartitionBuffer buffer : buffers) {
        buffer.moveTo(file);
      }
      file.flush();
    } catch (IOException e) {
      spillFailure = e;
      throw e;
    }
    spillNanos += System.nanoTime() - since;
    memoryBytesSpilled += heldBytes;
    return release();
  }

  /** Drops everything that is written from now on: for closing streams of an output that failed. */
  public void discard() {
    ended = true;
    for (PartitionBuffer buffer : buffers) {
      buffer.discard();
    }
  }

  /** Gives memory back and deletes the file, whether or not the output was stored. */
  @Override
  public void close() throws IOException {
    discard();
    long unused = release();
    file.delete();
  }

  int[] crc32c() {
    int[] checksums = new int[buffers.length];
    for (int partition = 0; partition < checksums.length; partition++) {
      checksums[partition] = buffers[partition].crc32c();
    }
    return checksums;
  }

  /** All segments back to back, to be stored; nothing can be written any more. */
  List<Chunk> chunks() throws IOException {
    requireWhole();
    ended = true;
    List<Chunk> chunks = new ArrayList<>();
    for (PartitionBuffer buffer : buffers) {
      buffer.addTo(chunks);
    }
    return chunks;
  }

  void written(int bytes) {
    lengthBytes += bytes;
  }

  /** May spill; at most a quarter of the floor. */
  byte[] chunk(int bytes) throws IOException {
    if (ended) {
      throw new IllegalStateException("Cannot write to a map output that is being stored.");
    }
    if (missing(bytes) > 0) {
      long granted = memory.acquire(Math.max(missing(bytes), GRANT_BYTES)); // may have spilled
      grantedBytes += granted;
      if (missing(bytes) > 0) {
        long unused = spill();
      }
    }
    heldBytes += bytes;
    peakBytes = Math.max(peakBytes, heldBytes);
    return new byte[bytes];
  }

  /** Spark has operators that carry on when a spill has failed for which they asked. */
  private void requireWhole() throws IOException {
    if (spillFailure != null) {
      throw new IOException(
          "Cannot store a map output: a spill of it failed: " + spillFailure.getMessage(),
          spillFailure);
    }
  }

  private long missing(int bytes) {
    return heldBytes + bytes - FLOOR_BYTES - grantedBytes;
  }

  private long release() {
    long released = grantedBytes;
    heldBytes = 0;
    grantedBytes = 0;
    if (released > 0) {
      memory.release(released);
    }
    return released;
  }
}
