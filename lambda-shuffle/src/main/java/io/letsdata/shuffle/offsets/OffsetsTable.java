// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.ByteSource;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleFormatException;
import io.letsdata.shuffle.request.TruncatedBodies;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Exact offsets of a whole shuffle, reduce-major, so that a task reads only the columns of its own
 * partitions: SPEC.md section 5; made by {@code OffsetsTables#table}. Thread-safe.
 */
@Internal
public final class OffsetsTable {
  /**
   * First GET of a table in the store: header and directory of 1,000 maps and 10,000 partitions, or
   * a small table whole.
   */
  private static final int FIRST_READ_BYTES = 64 << 10;

  private final Source source;
  private final int firstReadBytes;
  private @Nullable OffsetsHeader header;

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
    return at(store, location, Optional.empty());
  }

  /**
   * As {@link #at(ObjectStore, ObjectLocation)}, in one version.
   *
   * @param etag of the version that must be there; any when empty
   */
  public static OffsetsTable at(ObjectStore store, ObjectLocation location, Optional<String> etag) {
    return new OffsetsTable(
        (start, end) ->
            TruncatedBodies.retry(() -> store.read(location, new ByteRange(start, end), etag)),
        FIRST_READ_BYTES);
  }

  /**
   * The bytes of the columns {@code [start, end)} that would have to be requested; 0 when they are
   * at hand. Lets a reader of few maps and many partitions choose their footers instead.
   */
  public long bytesToRequest(int start, int end) throws IOException {
    OffsetsHeader known = header();
    int last = Math.min(end, known.partitions());
    int first = Math.min(start, last);
    boolean atHand = known.columnStart(last) <= known.atHand.length;
    return atHand ? 0 : known.columnStart(last) - known.columnStart(first);
  }

  /**
   * Whether it has a row for each of these, with or without their segments: a table without some of
   * them is older than they are. Costs the header.
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
  public List<String> elsewhere() throws IOException {
    return header().elsewhere;
  }

  /**
   * The segments of the reduce partitions {@code [start, end)}.
   *
   * @throws ShuffleFormatException when the table is damaged
   * @throws IOException when the store does not give it
   */
  public MapOutputIndex columns(int start, int end) throws IOException {
    return columns(start, end, map -> true);
  }

  /** As {@link #columns(int, int)}, of some map outputs: the others take no memory. */
  MapOutputIndex columns(int start, int end, Predicate<MapRef> wanted) throws IOException {
    OffsetsHeader known = header();
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
    return OffsetsColumns.decode(known, columns, first, last, wanted);
  }

  private synchronized OffsetsHeader header() throws IOException {
    OffsetsHeader known = header;
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
      if (headerBytes < OffsetsTableBuilder.PREFIX_BYTES + 4
          || headerBytes > OffsetsTableBuilder.MAX_HEADER_BYTES) {
        throw prefix.damaged("its header has " + headerBytes + " bytes");
      }
      known =
          OffsetsHeader.parse(
              headerBytes <= first.length ? first : source.read(0, headerBytes), headerBytes);
      header = known;
    }
    return known;
  }

  /** Gives bytes {@code [start, end)}, or fewer where the table ends. */
  private interface Source {
    byte[] read(long start, long end) throws IOException;
  }
}
