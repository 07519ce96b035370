// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes the one object of one map output. Nothing is visible before one of the {@code commit}s
 * returns; an output without a byte has no object and costs no request, nor does a small one, which
 * the report carries. Used by one thread, once; its creator commits or aborts it.
 *
 * <p>Up to two parts are kept in memory and stored by 1 PUT; a larger output is uploaded in parts
 * while it is written, one or two under way and the next being filled: 1 POST, 1 PUT a part, 1
 * POST.
 */
@Internal
public final class MapOutputUpload {
  /** The index of the largest output, and S3's least part, must fit a part. */
  public static final int MIN_PART_BYTES = 5 << 20;

  /**
   * The most of a whole output that is sent as one PUT, in lengths of a part; it takes no memory
   * here.
   */
  private static final int WHOLE_PUT_PARTS = 8;

  /** S3's limit for one PUT of an object or a part; parts here are far smaller. */
  private static final long MAX_PUT_BYTES = 5L << 30;

  private static final int WHOLE_PART_PARTS = 2;
  private static final int WHOLE_PARTS_AT_ONCE = 4;
  private static final byte[] NO_TAIL = new byte[0];

  private final PartSender sender;
  private final ObjectLocation object;
  private final int shuffleId;
  private final MapRef map;
  private final int partBytes;
  private final int inlineBytes;
  private final long[] lengths;
  private final int[] crc32c;

  /** Filled and not sent: as long as there is one, the output may still be a single PUT. */
  private @Nullable PartBuffer held;

  private PartBuffer filling;

  /** Sent, and to be filled again. */
  private final Queue<PartBuffer> free = new ConcurrentLinkedQueue<>();

  private @Nullable PartUploads upload;
  private int lastPartition = -1;
  private boolean ended;

  /**
   * Costs no request.
   *
   * @param partitions number of reduce partitions, may be 0
   * @param partBytes at least {@value #MIN_PART_BYTES}; this takes twice as much memory at most
   * @param inlineBytes an output that is, with its index, up to this long is not stored but goes
   *     into the report; 0 stores all
   */
  public MapOutputUpload(
      PartSender sender,
      ShuffleLayout layout,
      int shuffleId,
      MapRef map,
      int partitions,
      int partBytes,
      int inlineBytes) {
    if (partBytes < MIN_PART_BYTES) {
      throw new IllegalArgumentException(
          "Invalid part size: " + partBytes + " (must be at least " + MIN_PART_BYTES + ")");
    }
    this.sender = sender;
    this.object = layout.dataLocation(shuffleId, map);
    this.shuffleId = shuffleId;
    this.map = map;
    this.partBytes = partBytes;
    this.inlineBytes = Math.min(inlineBytes, partBytes);
    this.lengths = new long[partitions];
    this.crc32c = new int[partitions];
    this.filling = new PartBuffer(partBytes);
  }

  /** Where the object is, or will be. */
  public ObjectLocation object() {
    return object;
  }

  /**
   * The stream of one reduce partition; partitions come in ascending order, some may be left out.
   * Closing it costs nothing.
   */
  public OutputStream segment(int partition) {
    if (partition <= lastPartition || ended) {
      throw new IllegalStateException(
          "partition " + partition + " after " + lastPartition + ", ended: " + ended);
    }
    lastPartition = partition;
    return new SegmentStream(partition);
  }

  /**
   * Makes the output visible, whole, or keeps it for the report when it is small.
   *
   * @throws IOException when it could not be stored; call {@link #abort} then
   */
  public MapReport commit() throws IOException {
    MapOutput output = new MapOutput(shuffleId, map.mapId(), map.nonce(), lengths, crc32c);
    long totalBytes = output.totalBytes();
    if (isSmall(output)) {
      ended = true;
      return MapReport.inline(output, bytes(filling.content()));
    }
    if (totalBytes > 0) {
      store(MapObject.tail(output));
    }
    ended = true;
    return MapReport.stored(output);
  }

  private void store(byte[] tail) throws IOException {
    PartUploads begun = upload;
    PartBuffer first = held;
    if (begun != null) {
      begun.complete(PartBuffer.contentOf(List.of(filling), tail));
    } else if (first != null) {
      sender.put(object, PartBuffer.contentOf(List.of(first, filling), tail));
    } else {
      sender.put(object, PartBuffer.contentOf(List.of(filling), tail));
    }
  }

  /**
   * As {@link #commit}, for an output in a file, segments back to back, which are sealed here.
   * Reads the file twice and holds none of it. Up to eight parts' length, at most S3's 5 GiB, is
   * one PUT; a larger output is uploaded in parts of twice the length, four at once.
   *
   * @param contentBytes of each reduce partition, not sealed; together the file's length
   */
  public MapReport commitFile(Path file, long[] contentBytes, SegmentSeal seal) throws IOException {
    SealedFile sealed = SealedFile.read(file, contentBytes, seal, map, sender::poll);
    MapOutput output =
        new MapOutput(shuffleId, map.mapId(), map.nonce(), sealed.lengths(), sealed.crc32c());
    return commitAtOnce(output, List.of(sealed));
  }

  /**
   * As {@link #commitFile}, for an output that is whole and sealed, in memory or not. Copies
   * nothing: the buffers must not be closed before this returns, nor written to from now on.
   */
  public MapReport commitBuffers(PartitionBuffers buffers) throws IOException {
    List<Chunk> chunks = buffers.chunks();
    MapOutput output =
        new MapOutput(shuffleId, map.mapId(), map.nonce(), buffers.lengths(), buffers.crc32c());
    return commitAtOnce(output, chunks);
  }

  private MapReport commitAtOnce(MapOutput output, List<Chunk> chunks) throws IOException {
    long totalBytes = output.totalBytes();
    if (isSmall(output)) {
      ended = true;
      return MapReport.inline(output, bytes(ChunkedContent.of(chunks, 0, totalBytes, NO_TAIL)));
    }
    byte[] tail = MapObject.tail(output);
    if (!isOnePut(totalBytes, tail.length, partBytes)) {
      storeInParts(chunks, totalBytes, tail);
    } else if (totalBytes > 0) {
      sender.put(object, ChunkedContent.of(chunks, 0, totalBytes, tail));
    }
    ended = true;
    return MapReport.stored(output);
  }

  /** Of an output that is whole, with the tail that follows it. */
  static boolean isOnePut(long totalBytes, int tailBytes, int partBytes) {
    return totalBytes <= (long) WHOLE_PUT_PARTS * partBytes
        && totalBytes + tailBytes <= MAX_PUT_BYTES;
  }

  private void storeInParts(List<Chunk> chunks, long totalBytes, byte[] tail) throws IOException {
    PartUploads begun = sender.startUpload(object);
    upload = begun;
    long bytes = (long) WHOLE_PART_PARTS * partBytes;
    long start = 0;
    // The last part carries the tail; S3 accepts it at any size.
    for (; totalBytes - start > bytes; start += bytes) {
      begun.awaitRunning(WHOLE_PARTS_AT_ONCE - 1);
      begun.add(ChunkedContent.of(chunks, start, bytes, NO_TAIL), () -> {});
    }
    begun.complete(ChunkedContent.of(chunks, start, totalBytes - start, tail));
  }

  /**
   * Gives up: nothing becomes visible. One DELETE when parts were stored. Harmless after a commit
   * and when repeated.
   */
  public void abort() throws IOException {
    PartUploads begun = upload;
    upload = null;
    if (!ended && begun != null) {
      begun.abort();
    }
    ended = true;
  }

  /**
   * Counts segments, without their codes, and the index: many partitions of a few bytes do not make
   * a small report.
   */
  private boolean isSmall(MapOutput output) {
    long contentBytes = Arrays.stream(SegmentSeal.contentBytes(output.lengths())).sum();
    return contentBytes > 0
        && contentBytes < inlineBytes
        && output.totalBytes() <= partBytes // it is in one buffer
        && contentBytes + output.encode().length <= inlineBytes;
  }

  private static byte[] bytes(ObjectContent content) throws IOException {
    try (InputStream in = content.open()) {
      return in.readAllBytes();
    }
  }

  /** The buffer is full and there is more. */
  private void nextBuffer() throws IOException {
    PartUploads begun = upload;
    PartBuffer first = held;
    if (begun == null && first == null) {
      held = filling;
      filling = new PartBuffer(partBytes);
      return;
    }
    if (begun == null) {
      begun = sender.startUpload(object);
      upload = begun;
    }
    if (first != null) {
      held = null;
      send(begun, first);
    }
    send(begun, filling);
    begun.awaitRunning(1); // of two buffers one is free then
    filling = free.remove();
    filling.clear();
  }

  private void send(PartUploads begun, PartBuffer part) throws IOException {
    begun.add(part.content(), () -> free.add(part));
  }

  private final class SegmentStream extends OutputStream {
    private final int partition;
    private final CRC32C crc = new CRC32C();

    SegmentStream(int partition) {
      this.partition = partition;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (partition != lastPartition || ended) {
        throw new IOException(
            "Cannot write to partition " + partition + ": " + lastPartition + " has begun.");
      }
      crc.update(bytes, offset, length);
      lengths[partition] += length;
      crc32c[partition] = (int) crc.getValue();
      int written = 0;
      while (written < length) {
        if (filling.isFull()) {
          nextBuffer();
        }
        written += filling.write(bytes, offset + written, length - written);
      }
    }
  }
}
