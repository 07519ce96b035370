// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleFormatException;
import io.letsdata.shuffle.offsets.MergedExtents;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.offsets.OffsetsTableBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** Makes the offsets of one shuffle for its readers, merged objects included. Made for one use. */
record MergedTables(KnownOutputs known) {
  /** The extents of the partitions {@code [start, end)}. */
  List<MergedExtents> extents(int start, int end) {
    List<MergedExtents> extents = new ArrayList<>();
    int group = 0;
    for (List<KnownMerges.Merged> objects : known.merges().byMembers().values()) {
      for (KnownMerges.Merged object : objects) {
        MergedExtents own = object.extents(group, start, end);
        if (own.starts().length > 0) {
          extents.add(own);
        }
      }
      group++;
    }
    return extents;
  }

  /** The bytes of an {@link OffsetsTable}. */
  byte[] table(int shuffleId, List<MapRef> winners) {
    return table(shuffleId, winners, known.merges().byMembers(), entry -> true);
  }

  /**
   * As above, but stored outputs are marked as unknown, unless another table in the store has them.
   */
  byte[] tableWithFooters(int shuffleId, List<MapRef> winners) {
    return table(shuffleId, winners, Map.of(), entry -> entry.inline() != null);
  }

  /**
   * A table.
   *
   * @param includesSegments whether the table has the segments of an output whose index is in
   *     memory
   */
  private byte[] table(
      int shuffleId,
      List<MapRef> winners,
      Map<List<MapRef>, List<KnownMerges.Merged>> groups,
      Predicate<KnownOutputs.Entry> includesSegments) {
    // An output that was recomputed since is still in its merged object: without its lengths the
    // others could not be found.
    Set<MapRef> rows = new LinkedHashSet<>(winners);
    groups.keySet().forEach(rows::addAll);
    Map<MapRef, KnownOutputs.Entry> entries = new HashMap<>();
    for (MapRef row : rows) {
      known.find(row).ifPresent(entry -> entries.put(row, entry));
    }
    List<String> elsewhere =
        entries.values().stream()
            .map(KnownOutputs.Entry::table)
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    OffsetsTableBuilder builder = new OffsetsTableBuilder(shuffleId, elsewhere);
    Map<MapRef, Integer> ordinals = new HashMap<>();
    try {
      for (MapRef row : rows) {
        ordinals.put(row, ordinals.size());
        KnownOutputs.Entry entry = entries.get(row);
        if (entry == null || (entry.index().length > 0 && !includesSegments.test(entry))) {
          builder.add(row, OffsetsTableBuilder.UNKNOWN);
        } else if (entry.index().length > 0) {
          builder.add(row, entry.index(), entry.inline());
        } else {
          builder.add(row, OffsetsTableBuilder.ELSEWHERE);
        }
      }
      add(builder, groups, ordinals);
      return builder.build();
    } catch (ShuffleFormatException e) {
      throw new IllegalStateException(e); // we encoded them
    }
  }

  private static void add(
      OffsetsTableBuilder builder,
      Map<List<MapRef>, List<KnownMerges.Merged>> groups,
      Map<MapRef, Integer> ordinals) {
    List<List<Integer>> members = new ArrayList<>();
    List<OffsetsTableBuilder.Merged> merged = new ArrayList<>();
    groups.forEach(
        (group, objects) -> {
          for (KnownMerges.Merged object : objects) {
            merged.add(
                new OffsetsTableBuilder.Merged(
                    members.size(),
                    object.job().nonce(),
                    object.job().startPartition(),
                    object.extentBytes(),
                    object.extentStarts()));
          }
          members.add(group.stream().map(ordinals::get).toList());
        });
    builder.merged(members, merged);
  }
}
