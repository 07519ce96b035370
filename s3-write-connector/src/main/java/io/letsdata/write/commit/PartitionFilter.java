// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.commit;

import io.letsdata.manifest.version.Partition;
import io.letsdata.manifest.version.PartitionRange;
import io.letsdata.options.Internal;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Chooses partitions of an output. Pure; {@code toString} is for messages. */
@Internal
public interface PartitionFilter {
  /** Whether a file of this partition is chosen. */
  boolean matches(Partition partition);

  /** Whether a file within these bounds may be chosen; when in doubt, true. */
  default boolean mayMatch(PartitionRange range) {
    return true;
  }

  /** Exactly these partitions. */
  static PartitionFilter of(Set<Partition> partitions) {
    Set<Partition> chosen = Set.copyOf(partitions);
    return new PartitionFilter() {
      @Override
      public boolean matches(Partition partition) {
        return chosen.contains(partition);
      }

      @Override
      public boolean mayMatch(PartitionRange range) {
        return chosen.stream().anyMatch(range::mayContain);
      }

      @Override
      public String toString() {
        return chosen.stream()
            .map(Partition::toString)
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .limit(10)
            .collect(Collectors.joining(", "));
      }
    };
  }
}
