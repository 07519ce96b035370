// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Lineage;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import io.letsdata.write.commit.PartitionFilter;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a job that began on a version may be committed after the versions that others
 * committed since (SPEC.md, "Conflicts"). It depends on published versions alone, which never
 * change. Stateless.
 */
final class Conflicts {
  private final ManifestLog log;

  Conflicts(ManifestLog log) {
    this.log = log;
  }

  /**
   * Refuses a job that conflicts. No request for a job that conflicts with no commit; else one GET
   * for each version since {@code began}, and one for each part of its list of files that another
   * version does not share and that may have files of the job's partitions.
   *
   * @param began the version on which the job began
   * @param onto the version on which it would be committed
   * @throws CommitRefused that names the other writer
   */
  void check(CommitRequest job, BaseVersion began, BaseVersion onto) throws IOException {
    Optional<PartitionFilter> partitions = FileLists.partitions(job);
    boolean exclusive =
        job.operation() instanceof Operation.Overwrite overwrite && overwrite.exclusive();
    boolean alters = job.operation() instanceof Operation.Alter;
    if (onto.version() <= began.version() || (partitions.isEmpty() && !exclusive && !alters)) {
      return;
    }
    Optional<Snapshot> before = began.manifest();
    for (long version = began.version() + 1; version <= onto.version(); version++) {
      Optional<Snapshot> next = version == onto.version() ? onto.manifest() : log.version(version);
      if (next.isEmpty()) {
        throw refused(job, "version " + version + ", which does not exist any more, was committed");
      }
      String by = NextManifest.named(next.get());
      if (alters && !sameTable(((Operation.Alter) job.operation()).began(), next.get())) {
        throw refused(job, by + ", changed the table");
      }
      boolean keepsRows =
          next.get().lineage().map(Lineage::operation).filter(o -> o.keepsRows()).isPresent();
      if (exclusive && !keepsRows) {
        throw refused(job, by + ", was committed");
      }
      if (partitions.isPresent() && !keepsRows) {
        Optional<ManifestEntry> changed = changed(before, next.get(), partitions.get());
        if (changed.isPresent()) {
          throw refused(job, by + ", changed partition " + changed.get().partition());
        }
      }
      before = next;
    }
  }

  private CommitRefused refused(CommitRequest job, String why) {
    return new CommitRefused(
        "Cannot commit %s to %s: %s, after this job began. Run the job again."
            .formatted(job.operation().kind().text(), log.output(), why));
  }

  private static boolean sameTable(Snapshot one, Snapshot other) {
    return one.schemaJson().equals(other.schemaJson())
        && one.options().equals(other.options())
        && one.format().equals(other.format())
        && one.table().equals(other.table());
  }

  /** A file of the partitions that only one of the versions has. */
  private Optional<ManifestEntry> changed(
      Optional<Snapshot> before, Snapshot after, PartitionFilter partitions) throws IOException {
    Set<PartRef> shared = new HashSet<>(before.map(Snapshot::parts).orElse(List.of()));
    shared.retainAll(new HashSet<>(after.parts()));
    Map<String, ManifestEntry> earlier = new HashMap<>();
    if (before.isPresent()) {
      earlier.putAll(unshared(before.get(), shared, partitions));
    }
    Map<String, ManifestEntry> later = unshared(after, shared, partitions);
    for (Map.Entry<String, ManifestEntry> file : later.entrySet()) {
      if (earlier.remove(file.getKey()) == null) {
        return Optional.of(file.getValue());
      }
    }
    return earlier.values().stream().findFirst();
  }

  private Map<String, ManifestEntry> unshared(
      Snapshot version, Set<PartRef> shared, PartitionFilter partitions) throws IOException {
    Map<String, ManifestEntry> files = new HashMap<>();
    for (PartRef part : version.parts()) {
      if (!shared.contains(part) && partitions.mayMatch(part.partitions())) {
        add(log.part(part), partitions, files);
      }
    }
    add(version.files(), partitions, files);
    return files;
  }

  private static void add(
      Iterable<ManifestEntry> entries,
      PartitionFilter partitions,
      Map<String, ManifestEntry> files) {
    for (ManifestEntry entry : entries) {
      if (partitions.matches(entry.partition())) {
        files.put(entry.location(), entry);
      }
    }
  }
}
