package io.letsdata.shuffle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds the bytes of an {@link OffsetsTable}: SPEC.md section 5. Used once, by one thread. */
final class OffsetsTableBuilder {
  static final int VERSION = 1;
  static final int MAGIC = 0x4C444F54; // "LDOT"

  /** Magic, version and header length come first. */
  static final int PREFIX_BYTES = 9;

  /** A table of more than this would not fit an array on either side. */
  static final long MAX_TABLE_BYTES = 1L << 30;

  private final int shuffleId;
  private final List<MapRef> winners;

  OffsetsTableBuilder(int shuffleId, List<MapRef> winners) {
    this.shuffleId = shuffleId;
    this.winners = winners;
  }

  /**
   * The whole table.
   *
   * @param encoded for each winner its encoded output, when known
   */
  byte[] build(List<Optional<byte[]>> encoded) throws ShuffleFormatException {
    long inputBytes = encoded.stream().mapToLong(e -> e.map(bytes -> bytes.length).orElse(0)).sum();
    // An entry has an ordinal and an offset besides what the output's own encoding has: at most 2.5
    // times as much.
    boolean fits = inputBytes * 5 / 2 < MAX_TABLE_BYTES;
    List<MapOutputCodec.@org.jspecify.annotations.Nullable Cursor> cursors = new ArrayList<>();
    int partitions = 0;
    for (Optional<byte[]> output : encoded) {
      if (fits && output.isPresent()) {
        MapOutputCodec.Cursor cursor = new MapOutputCodec.Cursor(output.get());
        cursor.advance();
        partitions = Math.max(partitions, cursor.partitions);
        cursors.add(cursor);
      } else {
        cursors.add(null);
      }
    }
    return assemble(cursors, partitions, (int) Math.min(inputBytes, 1 << 24));
  }

  private byte[] assemble(
      List<MapOutputCodec.@org.jspecify.annotations.Nullable Cursor> cursors,
      int partitions,
      int expectedBytes)
      throws ShuffleFormatException {
    ByteSink body = new ByteSink(64 + 24 * winners.size());
    body.varint(shuffleId).varint(partitions).varint(winners.size());
    for (int i = 0; i < winners.size(); i++) {
      body.varint(winners.get(i).mapId())
          .text(winners.get(i).nonce())
          .u8(cursors.get(i) == null ? 0 : 1);
    }
    ByteSink columns = new ByteSink(expectedBytes);
    for (int partition = 0; partition < partitions; partition++) {
      byte[] column = column(cursors, partition);
      body.varint(column.length);
      columns.raw(column);
    }
    int headerBytes = PREFIX_BYTES + body.size() + 4;
    ByteSink table = new ByteSink(headerBytes + columns.size());
    table.u32(MAGIC).u8(VERSION).u32(headerBytes).raw(body);
    table.u32(MapObject.crc32c(table.toByteArray(), 0, table.size()));
    return table.raw(columns).toByteArray();
  }

  private static byte[] column(
      List<MapOutputCodec.@org.jspecify.annotations.Nullable Cursor> cursors, int partition)
      throws ShuffleFormatException {
    ByteSink entries = new ByteSink(64);
    int count = 0;
    int next = 0;
    for (int ordinal = 0; ordinal < cursors.size(); ordinal++) {
      MapOutputCodec.Cursor cursor = cursors.get(ordinal);
      if (cursor != null && cursor.partition == partition) {
        entries
            .varint(ordinal - next)
            .varint(cursor.start)
            .varint(cursor.lengthBytes)
            .u32(cursor.crc32c);
        cursor.advance();
        next = ordinal + 1;
        count++;
      }
    }
    if (count == 0) {
      return new byte[0];
    }
    ByteSink column = new ByteSink(entries.size() + 9);
    column.varint(count).raw(entries);
    return column.u32(MapObject.crc32c(column.toByteArray(), 0, column.size())).toByteArray();
  }
}
