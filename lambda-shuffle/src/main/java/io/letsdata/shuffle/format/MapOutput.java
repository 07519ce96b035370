// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The output of one map attempt: the exact length and checksum of the segment of every reduce
 * partition. Spark's own {@code MapStatus} rounds lengths to 10 % and so cannot address bytes.
 *
 * <p>The arrays are not copied: the caller must not change them any more. Immutable otherwise.
 *
 * @param shuffleId Spark's shuffle id
 * @param mapId Spark's map id
 * @param nonce of the execution, see {@link MapRef}
 * @param lengths bytes of each reduce partition; 0 is an empty one
 * @param crc32c of each reduce partition's bytes; ignored, and 0 once decoded, where the length is
 *     0
 */
@Internal
@SuppressWarnings("ArrayRecordComponent") // equality is by content, see below
public record MapOutput(int shuffleId, long mapId, String nonce, long[] lengths, int[] crc32c) {
  /** Refuses arrays of different lengths and negative lengths. */
  public MapOutput {
    if (shuffleId < 0) {
      throw new IllegalArgumentException("Invalid shuffle id: " + shuffleId);
    }
    if (lengths.length != crc32c.length || lengths.length > MapOutputCodec.MAX_PARTITIONS) {
      throw new IllegalArgumentException(
          "Invalid map output "
              + mapId
              + " of shuffle "
              + shuffleId
              + ": "
              + lengths.length
              + " lengths and "
              + crc32c.length
              + " checksums (must be as many, at most "
              + MapOutputCodec.MAX_PARTITIONS
              + ")");
    }
    var unused = new MapRef(mapId, nonce);
    for (long length : lengths) {
      if (length < 0) {
        throw new IllegalArgumentException("Invalid segment length: " + length);
      }
    }
  }

  /** The name of the map output inside its shuffle. */
  public MapRef ref() {
    return new MapRef(mapId, nonce);
  }

  /** Bytes of all segments; 0 means that no object exists. */
  public long totalBytes() {
    long total = 0;
    for (long length : lengths) {
      total = Math.addExact(total, length);
    }
    return total;
  }

  /**
   * The non-empty segments of the reduce partitions {@code [start, end)}, ascending; contiguous in
   * the object.
   */
  public List<Segment> segments(int start, int end) {
    if (start < 0 || start > end || end > lengths.length) {
      throw new IllegalArgumentException(
          "Invalid partitions [" + start + ", " + end + ") of " + lengths.length);
    }
    long position = 0;
    for (int partition = 0; partition < start; partition++) {
      position += lengths[partition];
    }
    List<Segment> segments = new ArrayList<>();
    for (int partition = start; partition < end; partition++) {
      if (lengths[partition] > 0) {
        segments.add(new Segment(partition, position, lengths[partition], crc32c[partition]));
        position += lengths[partition];
      }
    }
    return segments;
  }

  /**
   * SPEC.md section 2: a few bytes for each non-empty partition. {@link #decode} is its inverse.
   */
  public byte[] encode() {
    return MapOutputCodec.encode(this);
  }

  /**
   * Inverse of {@link #encode}.
   *
   * @param partitions that the shuffle has: a few bytes can claim millions, for which there would
   *     be no memory
   * @throws ShuffleFormatException when the bytes are clipped, too long, of an unknown version, or
   *     of a shuffle with other partitions
   */
  public static MapOutput decode(byte[] encoded, int partitions) throws ShuffleFormatException {
    return MapOutputCodec.decode(encoded, ignored -> partitions);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MapOutput that
        && shuffleId == that.shuffleId
        && mapId == that.mapId
        && nonce.equals(that.nonce)
        && Arrays.equals(lengths, that.lengths)
        && Arrays.equals(crc32c, that.crc32c);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Long.hashCode(mapId) + nonce.hashCode()) + Arrays.hashCode(lengths);
  }

  @Override
  public String toString() {
    return "MapOutput[shuffle "
        + shuffleId
        + ", map "
        + mapId
        + "-"
        + nonce
        + ", "
        + lengths.length
        + " partitions, "
        + totalBytes()
        + " bytes]";
  }
}
