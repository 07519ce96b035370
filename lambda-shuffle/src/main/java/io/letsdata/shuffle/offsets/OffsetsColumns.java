// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import io.letsdata.shuffle.format.ByteSource;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.format.ShuffleFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Some columns of an {@link OffsetsTable}, decoded: SPEC.md section 5. Immutable once decoded. */
final class OffsetsColumns implements MapOutputIndex {
  private final OffsetsHeader header;
  private final byte[] columns;

  /** For each map the segments, or null when they are not wanted. */
  private final List<@Nullable List<Segment>> segments;

  private final List<MergedExtents> merged = new ArrayList<>(0);

  private OffsetsColumns(OffsetsHeader header, byte[] columns, Predicate<MapRef> wanted) {
    this.header = header;
    this.columns = columns;
    this.segments = new ArrayList<>(header.kinds.length);
    for (MapRef map : header.maps) {
      segments.add(wanted.test(map) ? new ArrayList<>(1) : null);
    }
  }

  /**
   * Decodes the columns of the partitions {@code [first, last)}.
   *
   * @param columns theirs alone
   */
  static OffsetsColumns decode(
      OffsetsHeader header, byte[] columns, int first, int last, Predicate<MapRef> wanted)
      throws ShuffleFormatException {
    OffsetsColumns decoded = new OffsetsColumns(header, columns, wanted);
    List<@Nullable MergedExtents> extents = decoded.extents(first, last);
    int position = 0;
    for (int partition = first; partition < last; partition++) {
      int length =
          Math.toIntExact(header.columnStart(partition + 1) - header.columnStart(partition));
      if (length > 0) {
        decoded.column(partition, position, length, extents);
      }
      position += length;
    }
    return decoded;
  }

  /** For each merged object its extents in these columns, still empty; null when it has none. */
  private List<@Nullable MergedExtents> extents(int first, int last) {
    List<@Nullable MergedExtents> extents = new ArrayList<>(header.merged.size());
    for (OffsetsHeader.Merged object : header.merged) {
      int from = Math.max(first, object.startPartition());
      int to = Math.min(last, object.endPartition());
      MergedExtents own =
          from >= to
              ? null
              : new MergedExtents(
                  object.nonce(),
                  object.group(),
                  header.groups.get(object.group()),
                  from,
                  new long[to - from],
                  new long[to - from]);
      extents.add(own);
      if (own != null) {
        merged.add(own);
      }
    }
    return extents;
  }

  private void column(
      int partition, int position, int length, List<@Nullable MergedExtents> extents)
      throws ShuffleFormatException {
    int end = position + length - 4;
    ByteSource source =
        new ByteSource("the offsets of partition " + partition, columns, position, end);
    ByteSource trailer =
        new ByteSource(
            "a checksum of offsets", columns, Math.max(end, position), position + length);
    if (trailer.u32() != MapObject.crc32c(columns, position, length - 4)) {
      throw source.damaged("their checksum is wrong");
    }
    int count = source.count("the number of entries", segments.size());
    int ordinal = -1;
    List<Segment> inline = new ArrayList<>(0);
    List<Integer> inlineOrdinals = new ArrayList<>(0);
    for (int i = 0; i < count; i++) {
      ordinal += 1 + source.count("a gap", segments.size() - ordinal - 2);
      boolean stored = header.kinds[ordinal] == OffsetsTableBuilder.STORED;
      long start = stored ? source.varint("an offset", Long.MAX_VALUE) : 0;
      long lengthBytes = source.varint("a length", Long.MAX_VALUE - start);
      int crc32c = source.u32();
      if (lengthBytes == 0) {
        throw source.damaged("the segment of map " + ordinal + " is empty");
      }
      List<Segment> own = segments.get(ordinal);
      if (!stored) {
        inline.add(new Segment(partition, 0, lengthBytes, crc32c));
        inlineOrdinals.add(ordinal);
      } else if (own != null) {
        own.add(new Segment(partition, start, lengthBytes, crc32c));
      }
    }
    for (int i = 0; i < inline.size(); i++) { // they follow the entries, in the same order
      Segment segment = inline.get(i);
      int start = source.skip(segment.lengthBytes());
      List<Segment> own = segments.get(inlineOrdinals.get(i));
      if (own != null) {
        own.add(new Segment(partition, start, segment.lengthBytes(), segment.crc32c()));
      }
    }
    extents(partition, source, extents);
    source.end();
  }

  private void extents(int partition, ByteSource source, List<@Nullable MergedExtents> extents)
      throws ShuffleFormatException {
    for (int i = 0; i < extents.size(); i++) {
      if (header.merged.get(i).spans(partition)) {
        long start = source.varint("an extent's start", Long.MAX_VALUE);
        long bytes = source.varint("an extent's length", Long.MAX_VALUE - start);
        MergedExtents own = extents.get(i);
        if (own != null) {
          own.starts()[partition - own.firstPartition()] = start;
          own.extentBytes()[partition - own.firstPartition()] = bytes;
        }
      }
    }
  }

  @Override
  public Optional<MapSegments> segments(MapRef map) {
    Integer ordinal = header.ordinals.get(map);
    List<Segment> own = ordinal == null ? null : segments.get(ordinal);
    if (ordinal == null || own == null) {
      return Optional.empty();
    }
    return switch (header.kinds[ordinal]) {
      case OffsetsTableBuilder.STORED -> Optional.of(MapSegments.stored(own));
      case OffsetsTableBuilder.INLINE -> Optional.of(new MapSegments(own, columns));
      default -> Optional.empty();
    };
  }

  @Override
  public List<MergedExtents> merged() {
    return merged;
  }
}
