// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import java.util.ArrayList;
import java.util.List;

/**
 * One cell to merge: the segments that some map outputs have for a range of reduce partitions
 * become one object, {@link MergedObject}. The driver makes it and keeps it; a worker that has the
 * shuffle's offsets carries it out ({@code Merger}). SPEC.md section 6. Immutable.
 *
 * @param nonce drawn for this job, so that no other job writes its key
 * @param startPartition first reduce partition
 * @param endPartition first one after the range
 * @param members in the order in which they lie in each partition's extent, at least one
 * @param maxBytes of segments in the object: bytes beyond it are left out, largest partitions first
 */
@Internal
public record MergeJob(
    int shuffleId,
    String nonce,
    int startPartition,
    int endPartition,
    List<MapRef> members,
    int maxBytes) {
  private static final int VERSION = 1;

  /** Refuses a job without members, partitions or room. */
  public MergeJob {
    var unused = new MapRef(0, nonce);
    members = List.copyOf(members);
    if (shuffleId < 0
        || startPartition < 0
        || startPartition >= endPartition
        || endPartition > MapOutputCodec.MAX_PARTITIONS
        || members.isEmpty()
        || maxBytes < 1) {
      throw new IllegalArgumentException(
          "Invalid merge: "
              + members.size()
              + " outputs of shuffle "
              + shuffleId
              + ", partitions ["
              + startPartition
              + ", "
              + endPartition
              + "), "
              + maxBytes
              + " bytes");
    }
  }

  /** How many reduce partitions it spans. */
  public int partitions() {
    return endPartition - startPartition;
  }

  /** Where its object is, or will be. */
  public ObjectLocation object(ShuffleLayout layout) {
    return layout.mergedLocation(shuffleId, nonce);
  }

  /** For the way to the worker: about 20 bytes a member. {@link #decode} is its inverse. */
  public byte[] encode() {
    ByteSink sink = new ByteSink(64 + 24 * members.size());
    sink.u8(VERSION).varint(shuffleId).text(nonce).varint(startPartition).varint(partitions());
    sink.varint(maxBytes);
    members(sink, members);
    return sink.toByteArray();
  }

  /**
   * Inverse of {@link #encode}.
   *
   * @throws ShuffleFormatException when the bytes are clipped, too long, or of an unknown version
   */
  public static MergeJob decode(byte[] encoded) throws ShuffleFormatException {
    ByteSource source = new ByteSource("a merge job", encoded, 0, encoded.length);
    int version = source.u8();
    if (version != VERSION) {
      throw source.damaged("it has version " + version + ", this reader knows " + VERSION);
    }
    int shuffleId = source.count("the shuffle id", Integer.MAX_VALUE);
    String nonce = source.text(MapRef.MAX_NONCE_LENGTH);
    int start = source.count("the first partition", MapOutputCodec.MAX_PARTITIONS);
    int partitions =
        source.count("the number of partitions", MapOutputCodec.MAX_PARTITIONS - start);
    int maxBytes = source.count("the most bytes", Integer.MAX_VALUE);
    List<MapRef> members = members(source);
    source.end();
    try {
      return new MergeJob(shuffleId, nonce, start, start + partitions, members, maxBytes);
    } catch (IllegalArgumentException e) {
      throw source.damaged(String.valueOf(e.getMessage()));
    }
  }

  static void members(ByteSink sink, List<MapRef> members) {
    sink.varint(members.size());
    for (MapRef member : members) {
      sink.varint(member.mapId()).text(member.nonce());
    }
  }

  static List<MapRef> members(ByteSource source) throws ShuffleFormatException {
    int count = source.count("the number of members", source.remaining());
    List<MapRef> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(MapRef.read(source));
    }
    return members;
  }
}
