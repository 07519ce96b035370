// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Partition;
import io.letsdata.options.Internal;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The small files of a version that a compaction replaces, in groups of which each becomes one
 * file. Pure but for {@link #of}.
 *
 * @param version whose files they are
 * @param groups each of at least two files of one partition
 */
@Internal
public record CompactionPlan(Snapshot version, List<Group> groups) {
  /**
   * Files that become one.
   *
   * @param partition of all of them
   * @param files in reading order
   */
  public record Group(Partition partition, List<ManifestEntry> files) {
    public Group {
      files = List.copyOf(files);
    }
  }

  public CompactionPlan {
    groups = List.copyOf(groups);
  }

  /** Plans a compaction of {@code version}. One GET per part. */
  public static CompactionPlan of(
      ObjectStore store, OutputLayout output, Snapshot version, long targetBytes)
      throws IOException {
    return of(version, new ManifestLog(store, output).allFiles(version), targetBytes);
  }

  /**
   * Groups files of a known length below three quarters of the target, partition by partition, up
   * to the target. Example, target 100: lengths 10 20 90 30 50 give one group of 10 20 30, and 50
   * stays alone, so it is left as it is.
   */
  static CompactionPlan of(Snapshot version, List<ManifestEntry> files, long targetBytes) {
    Map<Partition, List<ManifestEntry>> small = new LinkedHashMap<>();
    for (ManifestEntry file : files) {
      if (file.lengthBytes().isPresent() && file.lengthBytes().getAsLong() < targetBytes / 4 * 3) {
        small.computeIfAbsent(file.partition(), p -> new ArrayList<>()).add(file);
      }
    }
    List<Group> groups = new ArrayList<>();
    small.forEach(
        (partition, ofPartition) -> {
          List<ManifestEntry> group = new ArrayList<>();
          long bytes = 0;
          for (ManifestEntry file : ofPartition) {
            long length = file.lengthBytes().getAsLong();
            if (bytes + length > targetBytes) {
              add(partition, group, groups);
              group.clear();
              bytes = 0;
            }
            group.add(file);
            bytes += length;
          }
          add(partition, group, groups);
        });
    return new CompactionPlan(version, groups);
  }

  private static void add(Partition partition, List<ManifestEntry> group, List<Group> groups) {
    if (group.size() > 1) {
      groups.add(new Group(partition, group));
    }
  }

  /** The locations of all files that are replaced. */
  public Set<String> replaced() {
    Set<String> replaced = new HashSet<>();
    groups.forEach(group -> group.files().forEach(file -> replaced.add(file.location())));
    return replaced;
  }
}
