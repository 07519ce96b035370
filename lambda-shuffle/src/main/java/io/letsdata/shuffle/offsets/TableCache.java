// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.request.HedgedRequest;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables in the store whose headers this process has read; the least recently used is dropped
 * first. Several are read at once. Thread-safe.
 */
@Internal
public final class TableCache {
  private static final Logger LOG = LoggerFactory.getLogger(TableCache.class);
  private static final int MAX_TABLES = 128;

  private final Map<ObjectLocation, OffsetsTable> tables = new LinkedHashMap<>(16, 0.75f, true);
  private final Executor executor;
  private final @Nullable Hedging hedging;

  /**
   * Reads on {@code executor}'s threads, which must not be the caller's; a late request is sent
   * twice.
   */
  public TableCache(Executor executor, Hedging hedging) {
    this.executor = executor;
    this.hedging = hedging;
  }

  /** Reads one table after the other, on the caller's thread. */
  public TableCache() {
    this.executor = Runnable::run;
    this.hedging = null;
  }

  /** The table at a location; requested with its first use. */
  synchronized OffsetsTable at(ShuffleHome home, ObjectLocation location) {
    OffsetsTable table = tables.get(location);
    if (table == null) {
      table = OffsetsTable.at(home.store(), location);
      tables.put(location, table);
      if (tables.size() > MAX_TABLES) {
        tables.remove(tables.keySet().iterator().next());
      }
    }
    return table;
  }

  /**
   * The index of a table and of the tables that it names. 1 GET for the columns of each table in
   * the store, besides its header.
   *
   * @param footersBytes columns of more bytes are left out when they hold no segments: the footers
   *     of the wanted outputs are cheaper
   */
  public MapOutputIndex index(
      ShuffleHome home, int shuffleId, OffsetsTable table, int start, int end, long footersBytes)
      throws IOException {
    boolean dear = table.bytesToRequest(start, end) > footersBytes && !table.holdsSegments();
    List<MapOutputIndex> all = new ArrayList<>();
    if (!dear) {
      all.add(table.columns(start, end));
    }
    all.add(index(home, shuffleId, table.elsewhere(), start, end, map -> true));
    return MapOutputIndex.first(all);
  }

  /** As above, of some map outputs, whatever the bytes. */
  public MapOutputIndex index(
      ShuffleHome home, int shuffleId, OffsetsTable table, int start, int end, Set<MapRef> wanted)
      throws IOException {
    return MapOutputIndex.first(
        List.of(
            table.columns(start, end, wanted::contains),
            index(home, shuffleId, table.elsewhere(), start, end, wanted::contains)));
  }

  /**
   * The index of several tables in the store. A table that cannot be read is left out: the footers
   * of its outputs have the same offsets.
   */
  public MapOutputIndex index(
      ShuffleHome home,
      int shuffleId,
      List<String> nonces,
      int start,
      int end,
      Predicate<MapRef> wanted) {
    List<Pending> pending = new ArrayList<>(nonces.size());
    for (String nonce : nonces) {
      OffsetsTable table = at(home, home.layout().tableLocation(shuffleId, nonce));
      pending.add(send(() -> table.columns(start, end, wanted)));
    }
    List<MapOutputIndex> found = new ArrayList<>(nonces.size());
    for (Pending columns : pending) {
      try {
        found.add(columns.join());
      } catch (IOException e) {
        LOG.warn("Reading footers instead of offsets", e);
      }
    }
    return MapOutputIndex.first(found);
  }

  /** Columns on their way. */
  private interface Pending {
    MapOutputIndex join() throws IOException;
  }

  private Pending send(Pending read) {
    Hedging learned = hedging;
    if (learned == null) {
      return read;
    }
    try {
      HedgedRequest<MapOutputIndex> request =
          HedgedRequest.send(learned, Hedging.Kind.TABLE, 0, executor, decided -> read.join());
      return () -> request.join(() -> {});
    } catch (IOException e) { // the process is shutting down
      return () -> {
        throw e;
      };
    }
  }
}
