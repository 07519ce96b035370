package io.letsdata.shuffle;

import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Exact offsets of a whole shuffle, reduce-major, so that a task reads only the columns of its own
 * partitions: SPEC.md section 5; made by {@link ShuffleOffsets#table}. Thread-safe.
 */
public final class OffsetsTable {
  /**
   * First GET of a table in the store: header and directory of 1,000 maps and 10,000 partitions, or
   * a small table whole.
   */
  private static final int FIRST_READ_BYTES = 64 << 10;

  private final Source source;
  private final int firstReadBytes;
  private @Nullable Header header;

  private OffsetsTable(Source source, int firstReadBytes) {
    this.source = source;
    this.firstReadBytes = firstReadBytes;
  }

  /** A table that came with the task: no requests. */
  public static OffsetsTable of(byte[] table) {
    return new OffsetsTable((start, end) -> table, table.length);
  }

  /**
   * A table in the store. The first use costs 1 GET, 2 when the header is above 64 KiB; then each
   * {@link #columns} 1, or 0 when the first read covered them.
   */
  public static OffsetsTable at(ObjectStore store, ObjectLocation location) {
    return new OffsetsTable(
        (start, end) ->
            TruncatedBodies.retry(() -> store.read(location, new ByteRange(start, end))),
        FIRST_READ_BYTES);
  }

  /**
   * What lies between the first and the last byte of the columns {@code [start, end)} and would
   * have to be requested; 0 when it is at hand. Lets a reader of few maps and many partitions
   * choose their footers instead.
   */
  public long bytesToRequest(int start, int end) throws IOException {
    Header known = header();
    int last = Math.min(end, known.partitions());
    int first = Math.min(start, last);
    boolean atHand = known.columnStart(last) <= known.atHand.length;
    return atHand ? 0 : known.columnStart(last) - known.columnStart(first);
  }

  /**
   * Whether it has a row for each of these, which need not mean that it knows their segments: one
   * that names fewer is older than they are. Costs the header.
   */
  public boolean names(List<MapRef> maps) throws IOException {
    return header().ordinals.keySet().containsAll(maps);
  }

  /** Whether some of its map outputs are in no object: then their columns must be read. */
  boolean holdsSegments() throws IOException {
    for (byte kind : header().kinds) {
      if (kind == OffsetsTableBuilder.INLINE) {
        return true;
      }
    }
    return false;
  }

  /** Nonces of the tables in the store that know further map outputs. */
  List<String> elsewhere() throws IOException {
    return header().elsewhere;
  }

  /**
   * The segments of the reduce partitions {@code [start, end)}.
   *
   * @throws ShuffleFormatException when the table is damaged
   * @throws IOException when the store does not give it
   */
  public MapOutputIndex columns(int start, int end) throws IOException {
    Header known = header();
    int last = Math.min(end, known.partitions());
    int first = Math.min(start, last);
    long from = known.columnStart(first);
    long to = known.columnStart(last);
    byte[] columns =
        to <= known.atHand.length || from == to
            ? from == to ? new byte[0] : Arrays.copyOfRange(known.atHand, (int) from, (int) to)
            : source.read(from, to);
    if (columns.length != to - from) {
      throw new ShuffleFormatException(
          "Cannot read the offsets of shuffle "
              + known.shuffleId
              + ": the table ends too early, before byte "
              + to
              + ".");
    }
    return new Columns(known, decode(known, columns, first, last), columns);
  }

  private static List<List<Segment>> decode(Header header, byte[] columns, int first, int last)
      throws ShuffleFormatException {
    List<List<Segment>> segments = new ArrayList<>(header.kinds.length);
    for (int i = 0; i < header.kinds.length; i++) {
      segments.add(new ArrayList<>(1));
    }
    int position = 0;
    for (int partition = first; partition < last; partition++) {
      int length =
          Math.toIntExact(header.columnStart(partition + 1) - header.columnStart(partition));
      if (length > 0) {
        decodeColumn(partition, columns, position, length, header, segments);
      }
      position += length;
    }
    return segments;
  }

  private static void decodeColumn(
      int partition,
      byte[] columns,
      int position,
      int length,
      Header header,
      List<List<Segment>> segments)
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
    List<Integer> inline = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ordinal += 1 + source.count("a gap", segments.size() - ordinal - 2);
      boolean stored = header.kinds[ordinal] == OffsetsTableBuilder.STORED;
      long start = stored ? source.varint("an offset", Long.MAX_VALUE) : 0;
      long lengthBytes = source.varint("a length", Long.MAX_VALUE - start);
      if (lengthBytes == 0) {
        throw source.damaged("the segment of map " + ordinal + " is empty");
      }
      segments.get(ordinal).add(new Segment(partition, start, lengthBytes, source.u32()));
      if (!stored) {
        inline.add(ordinal);
      }
    }
    place(inline, segments, source);
    source.end();
  }

  /** Inline segments follow their column's entries, in the same order. */
  private static void place(List<Integer> ordinals, List<List<Segment>> segments, ByteSource source)
      throws ShuffleFormatException {
    for (int ordinal : ordinals) {
      List<Segment> own = segments.get(ordinal);
      Segment segment = own.get(own.size() - 1);
      int start = source.skip(segment.lengthBytes());
      own.set(
          own.size() - 1,
          new Segment(segment.partition(), start, segment.lengthBytes(), segment.crc32c()));
    }
  }

  private synchronized Header header() throws IOException {
    Header known = header;
    if (known == null) {
      byte[] first = source.read(0, firstReadBytes);
      ByteSource prefix = new ByteSource("an offsets table", first, 0, first.length);
      if (prefix.u32() != OffsetsTableBuilder.MAGIC) {
        throw prefix.damaged("it does not begin with LDOT");
      }
      int version = prefix.u8();
      if (version != OffsetsTableBuilder.VERSION) {
        throw prefix.damaged(
            "it has version " + version + ", this reader knows " + OffsetsTableBuilder.VERSION);
      }
      int headerBytes = prefix.u32();
      if (headerBytes < OffsetsTableBuilder.PREFIX_BYTES + 4) {
        throw prefix.damaged("its header has " + headerBytes + " bytes");
      }
      known =
          Header.parse(
              headerBytes <= first.length ? first : source.read(0, headerBytes), headerBytes);
      header = known;
    }
    return known;
  }

  /** Gives bytes {@code [start, end)}, or fewer where the table ends. */
  private interface Source {
    byte[] read(long start, long end) throws IOException;
  }

  private static final class Columns implements MapOutputIndex {
    private final Header header;
    private final List<List<Segment>> segments;
    private final byte[] columns;

    Columns(Header header, List<List<Segment>> segments, byte[] columns) {
      this.header = header;
      this.segments = segments;
      this.columns = columns;
    }

    @Override
    public Optional<MapSegments> segments(MapRef map) {
      Integer ordinal = header.ordinals.get(map);
      if (ordinal == null) {
        return Optional.empty();
      }
      return switch (header.kinds[ordinal]) {
        case OffsetsTableBuilder.STORED -> Optional.of(MapSegments.stored(segments.get(ordinal)));
        case OffsetsTableBuilder.INLINE ->
            Optional.of(new MapSegments(segments.get(ordinal), columns));
        default -> Optional.empty();
      };
    }
  }

  /**
   * Everything before the columns; {@code atHand} are the table's first bytes, the header and
   * perhaps more.
   */
  private static final class Header {
    final int shuffleId;
    final byte[] kinds;
    final Map<MapRef, Integer> ordinals;
    final List<String> elsewhere;
    final long[] columnStarts;
    final byte[] atHand;

    private Header(
        int shuffleId,
        byte[] kinds,
        Map<MapRef, Integer> ordinals,
        List<String> elsewhere,
        long[] columnStarts,
        byte[] atHand) {
      this.shuffleId = shuffleId;
      this.kinds = kinds;
      this.ordinals = ordinals;
      this.elsewhere = elsewhere;
      this.columnStarts = columnStarts;
      this.atHand = atHand;
    }

    int partitions() {
      return columnStarts.length - 1;
    }

    long columnStart(int partition) {
      return columnStarts[partition];
    }

    static Header parse(byte[] bytes, int headerBytes) throws ShuffleFormatException {
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
      int partitions = body.count("the number of partitions", MapOutputCodec.MAX_PARTITIONS);
      int maps = body.count("the number of maps", body.remaining());
      Map<MapRef, Integer> ordinals = new HashMap<>();
      byte[] kinds = new byte[maps];
      for (int ordinal = 0; ordinal < maps; ordinal++) {
        ordinals.put(new MapRef(body.varint(), body.text(MapRef.MAX_NONCE_LENGTH)), ordinal);
        kinds[ordinal] = (byte) body.u8();
      }
      List<String> elsewhere = new ArrayList<>();
      for (int left = body.count("the number of tables", body.remaining()); left > 0; left--) {
        elsewhere.add(body.text(MapRef.MAX_NONCE_LENGTH));
      }
      long[] starts = new long[partitions + 1];
      starts[0] = headerBytes;
      for (int partition = 0; partition < partitions; partition++) {
        starts[partition + 1] =
            starts[partition] + body.count("a column's length", Integer.MAX_VALUE);
      }
      body.end();
      return new Header(shuffleId, kinds, ordinals, elsewhere, starts, bytes);
    }
  }
}
