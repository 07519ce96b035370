package io.letsdata.shuffle;

import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes the one object of one run of a map attempt. Nothing is visible before {@link #commit} or
 * {@link #commitFile} returns; an output without a byte has no object and costs no request, nor
 * does a small one, which the report carries. Used by one thread, once; whoever made it commits or
 * aborts it.
 *
 * <p>Up to one part is kept in memory and stored by 1 PUT; more goes up in parts of that size while
 * it is written: 1 POST, 1 PUT a part, 1 POST.
 */
public final class MapOutputUpload {
  /** The index of the largest output, and S3's least part, must fit a part. */
  public static final int MIN_PART_BYTES = 5 << 20;

  private final ObjectStore store;
  private final ObjectLocation object;
  private final int shuffleId;
  private final MapRef map;
  private final int partBytes;
  private final int inlineBytes;
  private final long[] lengths;
  private final int[] crc32c;
  private final PartBuffer buffer;
  private @Nullable MultipartUpload upload;
  private int parts;
  private int lastPartition = -1;
  private boolean ended;

  /**
   * Costs no request.
   *
   * @param partitions number of reduce partitions, may be 0
   * @param partBytes at least {@value #MIN_PART_BYTES}; the memory that this takes at most
   * @param inlineBytes an output that is, with its index, up to this long is not stored but goes
   *     into the report; 0 stores all
   */
  public MapOutputUpload(
      ObjectStore store,
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
    this.store = store;
    this.object = layout.dataLocation(shuffleId, map);
    this.shuffleId = shuffleId;
    this.map = map;
    this.partBytes = partBytes;
    this.inlineBytes = Math.min(inlineBytes, partBytes);
    this.lengths = new long[partitions];
    this.crc32c = new int[partitions];
    this.buffer = new PartBuffer(partBytes);
  }

  /** Where the object is, or will be. */
  public ObjectLocation object() {
    return object;
  }

  /** Bytes written to a partition so far. */
  public long lengthBytes(int partition) {
    return lengths[partition];
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
      return MapReport.inline(output, bytes(buffer.contentWith(new byte[0])));
    }
    if (totalBytes > 0) {
      store(buffer.contentWith(MapObject.tail(output)));
    }
    ended = true;
    return MapReport.stored(output);
  }

  /**
   * As {@link #commit}, for an output that lies in a file as it is to be stored: segments back to
   * back. Reads the file twice and holds none of it. Up to four parts' length is one PUT.
   *
   * @param segmentLengths bytes of each reduce partition; together the file's length
   */
  public MapReport commitFile(Path file, long[] segmentLengths) throws IOException {
    MapOutput output =
        new MapOutput(
            shuffleId, map.mapId(), map.nonce(), segmentLengths, checksums(file, segmentLengths));
    long left = output.totalBytes();
    if (isSmall(output)) {
      ended = true;
      return MapReport.inline(output, bytes(new FileContent(file, 0, left, new byte[0])));
    }
    if (left > 0) {
      byte[] tail = MapObject.tail(output);
      long start = 0;
      if (left > 4L * partBytes) {
        // The last part carries the tail; it may be as small as it likes.
        for (; left > partBytes; left -= partBytes, start += partBytes) {
          uploadPart(new FileContent(file, start, partBytes, new byte[0]));
        }
      }
      store(new FileContent(file, start, left, tail));
    }
    ended = true;
    return MapReport.stored(output);
  }

  /**
   * Gives up: nothing becomes visible. One DELETE when parts were stored. Harmless after a commit
   * and when repeated.
   */
  public void abort() throws IOException {
    MultipartUpload begun = upload;
    upload = null;
    if (!ended && begun != null) {
      begun.abort();
    }
    ended = true;
  }

  /** Segments and index together: many partitions of a few bytes are no small report. */
  private boolean isSmall(MapOutput output) {
    long totalBytes = output.totalBytes();
    return totalBytes > 0
        && totalBytes < inlineBytes
        && totalBytes + output.encode().length <= inlineBytes;
  }

  private static byte[] bytes(ObjectContent content) throws IOException {
    try (InputStream in = content.open()) {
      return in.readAllBytes();
    }
  }

  private void store(ObjectContent last) throws IOException {
    MultipartUpload begun = upload;
    if (begun == null) {
      store.put(object, last);
    } else {
      begun.uploadPart(++parts, last);
      begun.complete();
    }
  }

  private void uploadPart(ObjectContent content) throws IOException {
    MultipartUpload begun = upload;
    if (begun == null) {
      begun = store.startMultipart(object);
      upload = begun;
    }
    begun.uploadPart(++parts, content);
  }

  private static int[] checksums(Path file, long[] segmentLengths) throws IOException {
    int[] checksums = new int[segmentLengths.length];
    byte[] bytes = new byte[64 << 10];
    try (InputStream in = Files.newInputStream(file)) {
      for (int partition = 0; partition < segmentLengths.length; partition++) {
        CRC32C crc = new CRC32C();
        int count;
        for (long left = segmentLengths[partition]; left > 0; left -= count) {
          count = in.read(bytes, 0, (int) Math.min(bytes.length, left));
          if (count < 0) {
            throw new IOException(
                "Cannot store spill " + file + ": it ends " + left + " bytes too early.");
          }
          crc.update(bytes, 0, count);
        }
        checksums[partition] = (int) crc.getValue();
      }
      if (in.read() >= 0) {
        throw new IOException("Cannot store spill " + file + ": it is longer than its segments.");
      }
    }
    return checksums;
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
        if (buffer.isFull()) {
          uploadPart(buffer.contentWith(new byte[0]));
          buffer.clear();
        }
        written += buffer.write(bytes, offset + written, length - written);
      }
    }
  }
}
