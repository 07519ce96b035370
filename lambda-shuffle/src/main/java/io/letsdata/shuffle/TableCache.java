package io.letsdata.shuffle;

import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables in the store whose headers this process has read: the least recently used goes first.
 * Thread-safe.
 */
public final class TableCache {
  private static final Logger LOG = LoggerFactory.getLogger(TableCache.class);
  private static final int MAX_TABLES = 128;

  private final Map<ObjectLocation, OffsetsTable> tables = new LinkedHashMap<>(16, 0.75f, true);

  /** The table there; asked for with its first use. */
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
   * What a table knows, and the tables that it names. 1 GET for the columns of each table in the
   * store, besides its header.
   *
   * @param footersBytes columns of more bytes are left out when they hold no segments: the footers
   *     of what is wanted are cheaper
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
  MapOutputIndex index(
      ShuffleHome home, int shuffleId, OffsetsTable table, int start, int end, Set<MapRef> wanted)
      throws IOException {
    return MapOutputIndex.first(
        List.of(
            table.columns(start, end, wanted::contains),
            index(home, shuffleId, table.elsewhere(), start, end, wanted::contains)));
  }

  /**
   * What several tables in the store know. A table that cannot be read is left out: its outputs'
   * footers know the same.
   */
  MapOutputIndex index(
      ShuffleHome home,
      int shuffleId,
      List<String> nonces,
      int start,
      int end,
      Predicate<MapRef> wanted) {
    List<MapOutputIndex> found = new ArrayList<>(nonces.size());
    for (String nonce : nonces) {
      ObjectLocation location = home.layout().tableLocation(shuffleId, nonce);
      try {
        found.add(at(home, location).columns(start, end, wanted));
      } catch (IOException e) {
        LOG.warn("Reading footers instead of offsets", e);
      }
    }
    return MapOutputIndex.first(found);
  }
}
