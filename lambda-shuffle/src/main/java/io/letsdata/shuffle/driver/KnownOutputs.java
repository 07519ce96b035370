// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The map outputs of one shuffle that the driver knows. Thread-safe. */
final class KnownOutputs {
  /** Replaces an output's index that has moved to a table in the store. */
  private static final byte[] NOT_HERE = new byte[0];

  /**
   * An output.
   *
   * @param index the encoded output, or {@link #NOT_HERE}
   * @param inline its segments, when they are in no object
   * @param table nonce of the table in the store that has the index instead
   * @param storedBytes of its segments; 0 when it has no object to delete
   * @param segments non-empty ones
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(
      byte[] index,
      byte @Nullable [] inline,
      @Nullable String table,
      long storedBytes,
      int segments) {
    boolean hasObject() {
      return storedBytes > 0;
    }

    /** Whether a table has the positions of its segments: here or in the store. */
    boolean isInTables() {
      return index.length > 0 || table != null;
    }

    /** Memory that a move to the store would free. */
    int movableBytes() {
      return inline == null ? index.length : 0;
    }

    /** Memory of an output that is in no object. */
    int inlineBytes() {
      return inline == null ? 0 : inline.length + index.length;
    }
  }

  private final Map<MapRef, Entry> entries = new HashMap<>();
  private final List<String> tables = new ArrayList<>();
  private final KnownMerges merges = new KnownMerges();
  private long movableBytes;

  /** Of all outputs that have objects; nearly the same as of the accepted ones. */
  private long[] partitionBytes = new long[0];

  KnownMerges merges() {
    return merges;
  }

  /** Counts an output's bytes to their partitions. */
  synchronized void measure(MapOutput stored) {
    if (partitionBytes.length < stored.lengths().length) {
      partitionBytes = Arrays.copyOf(partitionBytes, stored.lengths().length);
    }
    for (int partition = 0; partition < stored.lengths().length; partition++) {
      partitionBytes[partition] += stored.lengths()[partition];
    }
  }

  synchronized long[] partitionBytes() {
    return partitionBytes.clone();
  }

  /** Remembers an output. Returns what was known of it before. */
  synchronized Optional<Entry> put(MapRef map, Entry entry) {
    Entry before = entries.put(map, entry);
    movableBytes += entry.movableBytes() - (before == null ? 0 : before.movableBytes());
    return Optional.ofNullable(before);
  }

  synchronized Optional<Entry> find(MapRef map) {
    return Optional.ofNullable(entries.get(map));
  }

  synchronized long movableBytes() {
    return movableBytes;
  }

  /** Outputs that can be moved, of together about {@code atMostBytes}, one at least if any. */
  synchronized Map<MapRef, byte[]> movable(long atMostBytes) {
    Map<MapRef, byte[]> chosen = new LinkedHashMap<>();
    long bytes = 0;
    for (Map.Entry<MapRef, Entry> entry : entries.entrySet()) {
      int own = entry.getValue().movableBytes();
      if (own > 0 && (chosen.isEmpty() || bytes + own <= atMostBytes)) {
        chosen.put(entry.getKey(), entry.getValue().index());
        bytes += own;
      }
    }
    return chosen;
  }

  /**
   * The indexes of these outputs are in a table, or, without one, in the objects' footers alone.
   *
   * @return bytes that this freed; 0 when the shuffle was forgotten meanwhile
   */
  synchronized long moved(Iterable<MapRef> maps, Optional<String> table) {
    long before = movableBytes;
    table.ifPresent(tables::add);
    for (MapRef map : maps) {
      Entry entry = entries.get(map);
      if (entry != null && entry.inline() == null) {
        movableBytes -= entry.movableBytes();
        Entry moved =
            new Entry(NOT_HERE, null, table.orElse(null), entry.storedBytes(), entry.segments());
        entries.put(map, moved);
      }
    }
    return before - movableBytes;
  }

  /** A table in the store that this shuffle's end deletes. */
  synchronized void addTable(String nonce) {
    tables.add(nonce);
  }

  synchronized List<String> tables() {
    return List.copyOf(tables);
  }

  /** Removes and returns everything; nothing is movable any more. */
  synchronized Map<MapRef, Entry> clear() {
    Map<MapRef, Entry> all = Map.copyOf(entries);
    entries.clear();
    movableBytes = 0;
    return all;
  }
}
