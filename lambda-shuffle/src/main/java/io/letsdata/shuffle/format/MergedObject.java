// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.List;

/**
 * The object of a merge: for each reduce partition of its range, in ascending order, the segments
 * of its members in their order, all back to back; then an index and a footer. SPEC.md section 6.
 * Readers know positions from the offsets table; the index makes the object checkable by itself.
 * Immutable.
 *
 * @param members the map outputs
 * @param entries in the order of the object
 */
@Internal
public record MergedObject(
    int shuffleId,
    String nonce,
    int startPartition,
    int partitions,
    List<MapRef> members,
    List<Entry> entries) {
  private static final String WHAT = "a merged object";
  private static final String MAGIC = "LDSHUFMG";
  private static final int VERSION = 1;

  /**
   * One segment.
   *
   * @param member index into the members
   */
  public record Entry(int member, int partition, int lengthBytes, int crc32c) {}

  /** Bytes of all segments. */
  public long dataBytes() {
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.lengthBytes();
    }
    return bytes;
  }

  /** Index and footer, which follow the segments. */
  public byte[] tail() {
    ByteSink index = new ByteSink(64 + 24 * members.size() + 8 * entries.size());
    index.u8(VERSION).varint(shuffleId).text(nonce).varint(startPartition).varint(partitions);
    MergeJob.members(index, members);
    int next = 0;
    for (int partition = startPartition; partition < startPartition + partitions; partition++) {
      int end = next;
      while (end < entries.size() && entries.get(end).partition() == partition) {
        end++;
      }
      index.varint(end - next);
      int nextMember = 0;
      for (; next < end; next++) {
        Entry entry = entries.get(next);
        index.varint(entry.member() - nextMember).varint(entry.lengthBytes()).u32(entry.crc32c());
        nextMember = entry.member() + 1;
      }
    }
    return ObjectFooter.tail(MAGIC, dataBytes(), index.toByteArray());
  }

  /**
   * Reads and verifies a whole object.
   *
   * @throws ShuffleFormatException when anything is missing, left over or damaged
   */
  public static MergedObject parse(byte[] object) throws ShuffleFormatException {
    ObjectFooter footer = ObjectFooter.parse(WHAT, MAGIC, object, object.length);
    byte[] index = footer.index(WHAT, object);
    MergedObject merged = decode(new ByteSource(WHAT, index, 0, index.length));
    if (merged.dataBytes() != footer.dataBytes()) {
      throw new ShuffleFormatException(
          "Cannot read a merged object: its segments have "
              + merged.dataBytes()
              + " bytes, its footer has "
              + footer.dataBytes()
              + ".");
    }
    int position = 0;
    for (Entry entry : merged.entries) {
      if (MapObject.crc32c(object, position, entry.lengthBytes()) != entry.crc32c()) {
        throw new ShuffleFormatException(
            "Cannot read a merged object: the checksum of " + entry + " is wrong.");
      }
      position += entry.lengthBytes();
    }
    return merged;
  }

  private static MergedObject decode(ByteSource source) throws ShuffleFormatException {
    int version = source.u8();
    if (version != VERSION) {
      throw source.damaged("it has version " + version + ", this reader knows " + VERSION);
    }
    int shuffleId = source.count("the shuffle id", Integer.MAX_VALUE);
    String nonce = source.text(MapRef.MAX_NONCE_LENGTH);
    int start = source.count("the first partition", MapOutputCodec.MAX_PARTITIONS);
    int partitions =
        source.count("the number of partitions", MapOutputCodec.MAX_PARTITIONS - start);
    List<MapRef> members = MergeJob.members(source);
    List<Entry> entries = new ArrayList<>();
    for (int partition = start; partition < start + partitions; partition++) {
      int member = -1;
      for (int left = source.count("the number of segments", members.size()); left > 0; left--) {
        member += 1 + source.count("a gap", members.size() - member - 2);
        int length = source.count("a length", Integer.MAX_VALUE);
        entries.add(new Entry(member, partition, length, source.u32()));
      }
    }
    source.end();
    return new MergedObject(shuffleId, nonce, start, partitions, members, entries);
  }
}
