// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.ByteSink;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutputCodec;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleFormatException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the bytes of an {@link OffsetsTable}: SPEC.md section 5. Used once, by one thread. */
@Internal
public final class OffsetsTableBuilder {
  static final int VERSION = 4;
  static final int MAGIC = 0x4C444F54; // "LDOT"

  /** Magic, version and header length come first. */
  static final int PREFIX_BYTES = 9;

  /** A table of more than this would not fit an array on either side. */
  static final long MAX_TABLE_BYTES = 1L << 30;

  /** 2^24 partitions and a million maps take a quarter of it. */
  static final int MAX_HEADER_BYTES = 256 << 20;

  /** It was not reported. */
  public static final int UNKNOWN = 0;

  /** Its segments are in its own object. */
  static final int STORED = 1;

  /** Its segments are in the columns. */
  static final int INLINE = 2;

  /** One of the tables named in the header has it. */
  public static final int ELSEWHERE = 3;

  private final int shuffleId;
  private final List<String> elsewhere;
  private final List<Row> rows = new ArrayList<>();
  private List<List<Integer>> groups = List.of();
  private List<Merged> merged = List.of();
  private long inputBytes;

  /**
   * A table without rows.
   *
   * @param elsewhere nonces of other tables of this shuffle
   */
  public OffsetsTableBuilder(int shuffleId, List<String> elsewhere) {
    this.shuffleId = shuffleId;
    this.elsewhere = elsewhere;
  }

  /**
   * A merged object.
   *
   * @param group index into the groups
   * @param extentBytes of each partition from the first one on; extents lie back to back
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  public record Merged(
      int group, String nonce, int startPartition, long[] extentBytes, long[] extentStarts) {}

  private static final class Row {
    final MapRef map;
    final int kind;
    final MapOutputCodec.@Nullable Cursor cursor;
    final byte @Nullable [] inline;

    Row(MapRef map, int kind, MapOutputCodec.@Nullable Cursor cursor, byte @Nullable [] inline) {
      this.map = map;
      this.kind = kind;
      this.cursor = cursor;
      this.inline = inline;
    }
  }

  /** A map output of which this table has no segments: {@link #UNKNOWN} or {@link #ELSEWHERE}. */
  public void add(MapRef map, int kind) {
    rows.add(new Row(map, kind, null, null));
  }

  /** A map output with its segments, and of an inline one their bytes. */
  public void add(MapRef map, byte[] index, byte @Nullable [] inline)
      throws ShuffleFormatException {
    // An entry has an ordinal and an offset besides what the output's own encoding has: at most 2.5
    // times as much.
    inputBytes += index.length * 5L / 2 + (inline == null ? 0 : inline.length);
    if (inputBytes >= MAX_TABLE_BYTES) {
      throw new IllegalStateException("the table of shuffle " + shuffleId + " is too large");
    }
    MapOutputCodec.Cursor cursor = new MapOutputCodec.Cursor(index);
    cursor.advance();
    rows.add(new Row(map, inline == null ? STORED : INLINE, cursor, inline));
  }

  /**
   * Merged objects, whose members all have rows.
   *
   * @param memberOrdinals for each group its members' rows, in the order of the objects
   */
  public void merged(List<List<Integer>> memberOrdinals, List<Merged> objects) {
    groups = memberOrdinals;
    merged = objects;
  }

  /** The whole table. */
  public byte[] build() throws ShuffleFormatException {
    int partitions = 0;
    ByteSink body = new ByteSink(64 + 24 * rows.size());
    for (Row row : rows) {
      partitions = Math.max(partitions, row.cursor == null ? 0 : row.cursor.partitions());
    }
    for (Merged object : merged) {
      partitions = Math.max(partitions, object.startPartition + object.extentBytes.length);
    }
    body.varint(shuffleId).varint(partitions).varint(rows.size());
    for (Row row : rows) {
      body.varint(row.map.mapId()).text(row.map.nonce()).u8(row.kind);
    }
    body.varint(elsewhere.size());
    elsewhere.forEach(body::text);
    merged(body);
    // Never more than that: growing would take up to three times as much of the driver's heap.
    ByteSink columns = new ByteSink((int) inputBytes);
    for (int partition = 0; partition < partitions; partition++) {
      byte[] column = column(partition);
      body.varint(column.length);
      columns.raw(column);
    }
    int headerBytes = PREFIX_BYTES + body.size() + 4;
    ByteSink table = new ByteSink(headerBytes + columns.size());
    table.u32(MAGIC).u8(VERSION).u32(headerBytes).raw(body);
    table.u32(MapObject.crc32c(table.toByteArray(), 0, table.size()));
    return table.raw(columns).toByteArray();
  }

  private void merged(ByteSink body) {
    body.varint(groups.size());
    for (List<Integer> members : groups) {
      body.varint(members.size());
      long next = 0;
      for (int ordinal : members) {
        long step = ordinal - next;
        body.varint(step << 1 ^ step >> 63);
        next = ordinal + 1L;
      }
    }
    body.varint(merged.size());
    for (Merged object : merged) {
      body.varint(object.group).text(object.nonce);
      body.varint(object.startPartition).varint(object.extentBytes.length);
    }
  }

  private boolean extents(ByteSink sink, int partition) {
    boolean any = false;
    for (Merged object : merged) {
      int extent = partition - object.startPartition;
      if (extent >= 0 && extent < object.extentBytes.length) {
        sink.varint(object.extentStarts[extent]).varint(object.extentBytes[extent]);
        any |= object.extentBytes[extent] > 0;
      }
    }
    return any;
  }

  private byte[] column(int partition) throws ShuffleFormatException {
    ByteSink entries = new ByteSink(64);
    ByteSink segments = new ByteSink(0);
    int count = 0;
    int next = 0;
    for (int ordinal = 0; ordinal < rows.size(); ordinal++) {
      Row row = rows.get(ordinal);
      MapOutputCodec.Cursor cursor = row.cursor;
      if (cursor != null && cursor.partition() == partition) {
        entries.varint(ordinal - next);
        if (row.inline == null) {
          entries.varint(cursor.start());
        } else {
          segments.raw(row.inline, (int) cursor.start(), (int) cursor.lengthBytes());
        }
        entries.varint(cursor.lengthBytes()).u32(cursor.crc32c());
        cursor.advance();
        next = ordinal + 1;
        count++;
      }
    }
    ByteSink extents = new ByteSink(8);
    if (!extents(extents, partition) && count == 0) {
      return new byte[0];
    }
    ByteSink column = new ByteSink(entries.size() + segments.size() + extents.size() + 9);
    column.varint(count).raw(entries).raw(segments).raw(extents);
    return column.u32(MapObject.crc32c(column.toByteArray(), 0, column.size())).toByteArray();
  }
}
