// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ColumnStats;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.version.Partition;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The partition of a written object and statistics of its columns, as they travel from the task to
 * the manifest. Immutable.
 *
 * @param partition of all its rows
 * @param stats by top-level column; a column without an entry is unknown
 */
record FileFacts(Partition partition, Map<String, Stat> stats) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No partition, and nothing is known of the columns. */
  static final FileFacts NONE = new FileFacts(Partition.NONE, Map.of());

  /**
   * Statistics of one column, in the texts of manifest-format/SPEC.md, "Column statistics".
   *
   * @param nulls number of nulls, when known
   * @param min least value, when known
   * @param max greatest value, when known
   */
  record Stat(@Nullable Long nulls, @Nullable String min, @Nullable String max)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  FileFacts {
    stats = Map.copyOf(stats);
  }

  /** The manifest's entry with these facts. */
  ManifestEntry addTo(ManifestEntry file) {
    Map<String, ColumnStats> columns = new TreeMap<>();
    stats.forEach(
        (column, stat) ->
            columns.put(
                column,
                new ColumnStats(
                    stat.nulls() == null ? OptionalLong.empty() : OptionalLong.of(stat.nulls()),
                    Optional.ofNullable(stat.min()),
                    Optional.ofNullable(stat.max()))));
    return file.with(columns, partition);
  }
}
