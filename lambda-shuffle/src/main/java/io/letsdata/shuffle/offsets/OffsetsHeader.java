// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import io.letsdata.shuffle.format.ByteSource;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutputCodec;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything before the columns of an {@link OffsetsTable}. {@code atHand} are the table's first
 * bytes, the header and perhaps more. Immutable.
 */
final class OffsetsHeader {
  final int shuffleId;
  final byte[] kinds;
  final List<MapRef> maps;
  final Map<MapRef, Integer> ordinals;
  final List<String> elsewhere;

  /** The members of each group of merged objects. */
  final List<List<MapRef>> groups;

  final List<Merged> merged;
  final byte[] atHand;
  private final long[] columnStarts;

  /** A merged object, and the partitions that it spans. */
  record Merged(int group, String nonce, int startPartition, int endPartition) {
    boolean spans(int partition) {
      return partition >= startPartition && partition < endPartition;
    }
  }

  private record Merges(List<List<MapRef>> groups, List<Merged> objects) {}

  private OffsetsHeader(
      int shuffleId,
      byte[] kinds,
      List<MapRef> maps,
      List<String> elsewhere,
      Merges merges,
      long[] columnStarts,
      byte[] atHand) {
    this.shuffleId = shuffleId;
    this.kinds = kinds;
    this.maps = maps;
    this.ordinals = new HashMap<>();
    for (int ordinal = 0; ordinal < maps.size(); ordinal++) {
      ordinals.put(maps.get(ordinal), ordinal);
    }
    this.elsewhere = elsewhere;
    this.groups = merges.groups();
    this.merged = merges.objects();
    this.columnStarts = columnStarts;
    this.atHand = atHand;
  }

  int partitions() {
    return columnStarts.length - 1;
  }

  long columnStart(int partition) {
    return columnStarts[partition];
  }

  static OffsetsHeader parse(byte[] bytes, int headerBytes) throws ShuffleFormatException {
    int bodyEnd = headerBytes - 4;
    if (headerBytes > bytes.length) {
      throw new ShuffleFormatException(
          "Cannot read an offsets table: its header has "
              + headerBytes
              + " bytes, the table "
              + bytes.length
              + ".");
    }
    ByteSource body =
        new ByteSource(
            "an offsets table's header", bytes, OffsetsTableBuilder.PREFIX_BYTES, bodyEnd);
    if (new ByteSource("a checksum", bytes, bodyEnd, headerBytes).u32()
        != MapObject.crc32c(bytes, 0, bodyEnd)) {
      throw body.damaged("its checksum is wrong");
    }
    int shuffleId = body.count("the shuffle id", Integer.MAX_VALUE);
    // Each has a byte or more in the directory: no memory for those that are not there.
    int partitions =
        body.count(
            "the number of partitions", Math.min(MapOutputCodec.MAX_PARTITIONS, body.remaining()));
    byte[] kinds = new byte[body.count("the number of maps", body.remaining())];
    List<MapRef> maps = new ArrayList<>(kinds.length);
    for (int ordinal = 0; ordinal < kinds.length; ordinal++) {
      maps.add(MapRef.read(body));
      kinds[ordinal] = (byte) body.u8();
    }
    List<String> elsewhere = new ArrayList<>();
    for (int left = body.count("the number of tables", body.remaining()); left > 0; left--) {
      elsewhere.add(body.text(MapRef.MAX_NONCE_LENGTH));
    }
    List<List<MapRef>> groups = new ArrayList<>();
    for (int left = body.count("the number of groups", body.remaining()); left > 0; left--) {
      groups.add(group(body, maps));
    }
    List<Merged> merged = new ArrayList<>();
    for (int left = body.count("the number of merged objects", body.remaining());
        left > 0;
        left--) {
      merged.add(merged(body, groups.size(), partitions));
    }
    long[] starts = new long[partitions + 1];
    starts[0] = headerBytes;
    for (int partition = 0; partition < partitions; partition++) {
      starts[partition + 1] =
          starts[partition] + body.count("a column's length", Integer.MAX_VALUE);
    }
    body.end();
    if (starts[partitions] - headerBytes > OffsetsTableBuilder.MAX_TABLE_BYTES) {
      throw body.damaged("its columns have " + (starts[partitions] - headerBytes) + " bytes");
    }
    return new OffsetsHeader(
        shuffleId, kinds, maps, elsewhere, new Merges(groups, merged), starts, bytes);
  }

  private static List<MapRef> group(ByteSource body, List<MapRef> maps)
      throws ShuffleFormatException {
    int count = body.count("the number of members", maps.size());
    List<MapRef> members = new ArrayList<>(count);
    long next = 0;
    for (int i = 0; i < count; i++) {
      long step = body.varint();
      long ordinal = next + (step >>> 1 ^ -(step & 1));
      if (ordinal < 0 || ordinal >= maps.size()) {
        throw body.damaged("a group's member is map " + ordinal + " of " + maps.size());
      }
      members.add(maps.get((int) ordinal));
      next = ordinal + 1;
    }
    return List.copyOf(members);
  }

  private static Merged merged(ByteSource body, int groups, int partitions)
      throws ShuffleFormatException {
    int group = body.count("a group", groups - 1);
    String nonce = body.text(MapRef.MAX_NONCE_LENGTH);
    int start = body.count("a first partition", partitions);
    return new Merged(
        group, nonce, start, start + body.count("a number of partitions", partitions - start));
  }
}
