// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** SPEC.md section 2: a map output as bytes. Stateless. */
@Internal
public final class MapOutputCodec {
  /**
   * Spark's serialized shuffle ends here too (PackedRecordPointer.MAXIMUM_PARTITION_ID + 1, Spark
   * 3.5.9).
   */
  public static final int MAX_PARTITIONS = 1 << 24;

  private static final int VERSION = 2;
  private static final int MIN_ENTRY_BYTES = 6;

  /** Varints of a gap below 2^24 and of a length, and a checksum. */
  private static final int MAX_ENTRY_BYTES = 4 + 10 + 4;

  /** Version, four numbers, and the nonce. */
  private static final int MAX_HEAD_BYTES = 1 + 4 * 10 + 2 + MapRef.MAX_NONCE_LENGTH;

  private MapOutputCodec() {}

  static byte[] encode(MapOutput output) {
    int nonEmpty = 0;
    for (long length : output.lengths()) {
      nonEmpty += length > 0 ? 1 : 0;
    }
    ByteSink sink = new ByteSink(32 + 9 * nonEmpty);
    sink.u8(VERSION).varint(output.shuffleId()).varint(output.mapId()).text(output.nonce());
    sink.varint(output.lengths().length).varint(nonEmpty);
    int next = 0;
    for (int partition = 0; partition < output.lengths().length; partition++) {
      long length = output.lengths()[partition];
      if (length > 0) {
        sink.varint(partition - next).varint(length).u32(output.crc32c()[partition]);
        next = partition + 1;
      }
    }
    return sink.toByteArray();
  }

  /** The most bytes that an output of so many partitions is encoded in. */
  static long maxBytes(int partitions) {
    return MAX_HEAD_BYTES + (long) MAX_ENTRY_BYTES * partitions;
  }

  /**
   * Unfolds an output.
   *
   * @param partitionsOf gives a shuffle's number of partitions, -1 for an unknown one
   */
  static MapOutput decode(byte[] encoded, IntUnaryOperator partitionsOf)
      throws ShuffleFormatException {
    Cursor cursor = new Cursor(encoded);
    int expected = partitionsOf.applyAsInt(cursor.shuffleId);
    if (cursor.partitions != expected) { // before there are arrays
      throw new ShuffleFormatException(
          "Cannot read a map output of shuffle "
              + cursor.shuffleId
              + ": it has "
              + cursor.partitions
              + " partitions, the shuffle "
              + (expected < 0 ? "is unknown." : "has " + expected + "."));
    }
    long[] lengths = new long[cursor.partitions];
    int[] crc32c = new int[cursor.partitions];
    while (cursor.advance()) {
      lengths[cursor.partition] = cursor.lengthBytes;
      crc32c[cursor.partition] = cursor.crc32c;
    }
    return new MapOutput(cursor.shuffleId, cursor.ref.mapId(), cursor.ref.nonce(), lengths, crc32c);
  }

  /** {@link MapOutput#segments} of an encoded output, without unfolding it. */
  public static List<Segment> segments(byte[] encoded, int start, int end)
      throws ShuffleFormatException {
    Cursor cursor = new Cursor(encoded);
    List<Segment> segments = new ArrayList<>();
    while (cursor.advance() && cursor.partition < end) {
      if (cursor.partition >= start) {
        segments.add(
            new Segment(cursor.partition, cursor.start, cursor.lengthBytes, cursor.crc32c));
      }
    }
    return segments;
  }

  /**
   * Walks the non-empty segments of an encoded map output without unfolding it. Not thread-safe.
   */
  public static final class Cursor {
    final int shuffleId;
    final MapRef ref;
    final int partitions;
    private final ByteSource source;
    private int left;

    /** The current segment; {@link #partitions()} when {@link #advance} has found the end. */
    int partition = -1;

    long start;
    long lengthBytes;
    int crc32c;

    public Cursor(byte[] encoded) throws ShuffleFormatException {
      source = new ByteSource("a map output", encoded, 0, encoded.length);
      int version = source.u8();
      if (version != VERSION) {
        throw source.damaged("it has version " + version + ", this reader knows " + VERSION);
      }
      shuffleId = source.count("the shuffle id", Integer.MAX_VALUE);
      ref = MapRef.read(source);
      partitions = source.count("the number of partitions", MAX_PARTITIONS);
      left = source.count("the number of segments", source.remaining() / MIN_ENTRY_BYTES);
      if (left > partitions) {
        throw source.damaged(left + " segments for " + partitions + " partitions");
      }
    }

    /** The shuffle that the map output belongs to. */
    public int shuffleId() {
      return shuffleId;
    }

    /** The map output itself. */
    public MapRef ref() {
      return ref;
    }

    /** Number of reduce partitions of the shuffle. */
    public int partitions() {
      return partitions;
    }

    /** Partition of the current segment; {@link #partitions()} after the last one. */
    public int partition() {
      return partition;
    }

    /** Offset of the current segment in the object. */
    public long start() {
      return start;
    }

    /** Length of the current segment. */
    public long lengthBytes() {
      return lengthBytes;
    }

    /** Checksum of the current segment. */
    public int crc32c() {
      return crc32c;
    }

    /** Steps to the next segment; false at the end, which is then known to be clean. */
    public boolean advance() throws ShuffleFormatException {
      start = Math.addExact(start, lengthBytes);
      if (left == 0) {
        source.end();
        partition = partitions;
        lengthBytes = 0;
        return false;
      }
      left--;
      partition += 1 + source.count("a gap", partitions - partition - 2);
      lengthBytes = source.varint("a segment length", Long.MAX_VALUE - start);
      if (lengthBytes == 0) {
        throw source.damaged("the segment of partition " + partition + " is empty");
      }
      crc32c = source.u32();
      return true;
    }
  }
}
