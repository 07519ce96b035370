// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Bounds for the partitions of a part's files. Immutable.
 *
 * @param columns one range for each partition column; empty when nothing is known, so that every
 *     partition is possible
 */
@Internal
public record PartitionRange(List<ColumnRange> columns) {
  /** Every partition is possible. */
  public static final PartitionRange ANY = new PartitionRange(List.of());

  private static final int MAX_TEXT = 256;

  public PartitionRange {
    columns = List.copyOf(columns);
  }

  /** The range of these partitions; {@link #ANY} unless all have the same columns. */
  public static PartitionRange of(List<Partition> partitions) {
    if (partitions.isEmpty()) {
      return ANY;
    }
    List<String> names = partitions.get(0).columns();
    if (partitions.stream().anyMatch(partition -> !partition.columns().equals(names))) {
      return ANY;
    }
    List<ColumnRange> ranges = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      TreeSet<String> texts = new TreeSet<>();
      boolean nulls = false;
      for (Partition partition : partitions) {
        String text = partition.values().get(column).text();
        if (text == null) {
          nulls = true;
        } else {
          texts.add(text);
        }
      }
      if (texts.stream().anyMatch(text -> text.length() > MAX_TEXT)) {
        return ANY;
      }
      ranges.add(
          new ColumnRange(
              names.get(column),
              texts.isEmpty() ? Optional.empty() : Optional.of(texts.first()),
              texts.isEmpty() ? Optional.empty() : Optional.of(texts.last()),
              nulls));
    }
    return new PartitionRange(ranges);
  }

  /** Whether a file of the part may be of this partition. */
  public boolean mayContain(Partition partition) {
    return columns.stream()
        .allMatch(
            range ->
                !partition.columns().contains(range.column())
                    || range.mayContain(partition.text(range.column()).orElse(null)));
  }
}
