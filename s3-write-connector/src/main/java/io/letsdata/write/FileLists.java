// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Parts;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Change;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import io.letsdata.write.commit.PartitionFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Computes the list of files of the next version, and stores its parts (SPEC.md, "The list of
 * files"). For one job; it is asked again for each version on which the job is rebased, and stores
 * the parts of the job's own files once. Not thread-safe.
 *
 * <p>Example of the bounds: an append of 3 files to a version with 100,000 files in 9 parts and 40
 * files in the manifest adds 3 to the 40 and stores no part. The append that brings the manifest
 * beyond {@link #INLINE_BYTES} moves the files that are there into a tenth part first.
 */
final class FileLists {
  /** Most bytes of the files that a manifest names itself: about 300 files without statistics. */
  static final int INLINE_BYTES = 64 * 1024;

  /** Most bytes of a part, unless one file alone has more: about 10,000 files. */
  static final int PART_BYTES = 2 * 1024 * 1024;

  /** Smaller parts are joined when {@link #MOST_SMALL_PARTS} of them are at the end of the list. */
  static final int SMALL_PART_BYTES = PART_BYTES / 2;

  static final int MOST_SMALL_PARTS = 16;

  private final ManifestLog log;
  private final String namePrefix = UUID.randomUUID().toString();
  private final Map<List<ManifestEntry>, PartRef> stored = new HashMap<>();

  FileLists(ManifestLog log) {
    this.log = log;
  }

  /**
   * The files of one version.
   *
   * @param parts stored parts, in order
   * @param files that the manifest names itself, after those of the parts
   * @param change against the version below
   */
  record Contents(List<PartRef> parts, List<ManifestEntry> files, Change change) {}

  /** Files that stay of the version below. */
  private static final class Kept {
    final List<PartRef> parts = new ArrayList<>();
    final List<ManifestEntry> loose = new ArrayList<>();
    long removed;
  }

  /**
   * The files of the version that {@code job} makes of {@code base}.
   *
   * <p>An append stores no part, or the one part that the manifest has no room for, and parts of
   * its own files when these are many. An operation on partitions reads the parts in whose bounds
   * they are, and stores the rest of these again.
   *
   * @throws CommitRefused when a file that a compaction replaces is not there any more
   */
  Contents next(Optional<Snapshot> base, CommitRequest job) throws IOException {
    return switch (job.operation().kind()) {
      case APPEND -> packed(all(base), job.files());
      case CREATE, OVERWRITE -> {
        Kept nothing = new Kept();
        nothing.removed = base.map(Snapshot::fileCount).orElse(0L);
        yield packed(nothing, job.files());
      }
      case OVERWRITE_PARTITIONS, DELETE_PARTITIONS ->
          packed(without(base, partitions(job).orElseThrow()), job.files());
      case COMPACT -> packed(withoutReplaced(base, job), job.files());
      case ALTER ->
          new Contents(
              base.map(Snapshot::parts).orElse(List.of()),
              base.map(Snapshot::files).orElse(List.of()),
              Change.NONE);
      case ROLLBACK -> rolledBack(base, ((Operation.Rollback) job.operation()).to());
    };
  }

  /** The partitions that a job replaces or deletes; empty for any other job. */
  static Optional<PartitionFilter> partitions(CommitRequest job) {
    if (job.operation() instanceof Operation.DeletePartitions delete) {
      return Optional.of(delete.filter());
    }
    if (job.operation() instanceof Operation.OverwritePartitions overwrite) {
      return Optional.of(
          overwrite
              .filter()
              .orElseGet(
                  () ->
                      PartitionFilter.of(
                          job.files().stream()
                              .map(ManifestEntry::partition)
                              .collect(Collectors.toSet()))));
    }
    return Optional.empty();
  }

  private static Kept all(Optional<Snapshot> base) {
    Kept kept = new Kept();
    base.ifPresent(
        version -> {
          kept.parts.addAll(version.parts());
          kept.loose.addAll(version.files());
        });
    return kept;
  }

  private Kept without(Optional<Snapshot> base, PartitionFilter filter) throws IOException {
    return base.isEmpty()
        ? new Kept()
        : without(
            base.get(),
            part -> filter.mayMatch(part.partitions()),
            file -> filter.matches(file.partition()));
  }

  private Kept without(Snapshot base, Predicate<PartRef> mayHave, Predicate<ManifestEntry> removed)
      throws IOException {
    Kept kept = new Kept();
    for (PartRef part : base.parts()) {
      if (!mayHave.test(part)) {
        kept.parts.add(part);
        continue;
      }
      List<ManifestEntry> files = log.part(part);
      List<ManifestEntry> rest = files.stream().filter(removed.negate()).toList();
      if (rest.size() == files.size()) {
        kept.parts.add(part);
      } else {
        kept.loose.addAll(rest);
        kept.removed += files.size() - rest.size();
      }
    }
    for (ManifestEntry file : base.files()) {
      if (removed.test(file)) {
        kept.removed++;
      } else {
        kept.loose.add(file);
      }
    }
    return kept;
  }

  private Kept withoutReplaced(Optional<Snapshot> base, CommitRequest job) throws IOException {
    Set<String> missing = new HashSet<>(((Operation.Compact) job.operation()).replaced());
    Kept kept = new Kept();
    if (base.isPresent()) {
      kept =
          without(base.get(), part -> !missing.isEmpty(), file -> missing.remove(file.location()));
    }
    if (!missing.isEmpty()) {
      throw new CommitRefused(
          "Cannot compact %s: %s is not in %s any more, which another job committed. Run the compaction again."
              .formatted(
                  log.output(),
                  missing.iterator().next(),
                  base.map(NextManifest::named).orElse("the output")));
    }
    return kept;
  }

  private Contents rolledBack(Optional<Snapshot> base, Snapshot to) throws IOException {
    Change change =
        base.isEmpty()
            ? new Change(to.fileCount(), 0)
            : new Change(only(to, base.get()).size(), only(base.get(), to).size());
    return new Contents(to.parts(), to.files(), change);
  }

  /** The files that {@code version} has and {@code other} has not. One GET per part not shared. */
  private List<ManifestEntry> only(Snapshot version, Snapshot other) throws IOException {
    Set<String> known = new HashSet<>();
    unshared(other, version).forEach(file -> known.add(file.location()));
    return unshared(version, other).stream()
        .filter(file -> !known.contains(file.location()))
        .toList();
  }

  private List<ManifestEntry> unshared(Snapshot version, Snapshot other) throws IOException {
    Set<PartRef> shared = new HashSet<>(other.parts());
    List<ManifestEntry> files = new ArrayList<>(version.files());
    for (PartRef part : version.parts()) {
      if (!shared.contains(part)) {
        files.addAll(log.part(part));
      }
    }
    return files;
  }

  private Contents packed(Kept kept, List<ManifestEntry> own) throws IOException {
    List<PartRef> parts = new ArrayList<>(kept.parts);
    List<ManifestEntry> inline = new ArrayList<>();
    if (length(kept.loose) + length(own) <= INLINE_BYTES) {
      inline.addAll(kept.loose);
      inline.addAll(own);
    } else {
      parts.addAll(stored(kept.loose));
      if (length(own) <= INLINE_BYTES) {
        inline.addAll(own);
      } else {
        parts.addAll(stored(own));
      }
      joinSmall(parts);
    }
    return new Contents(parts, inline, new Change(own.size(), kept.removed));
  }

  // Each file is written again at most once for each sixteen-fold growth of its part, so the cost
  // of an append does not depend on the number of files.
  private void joinSmall(List<PartRef> parts) throws IOException {
    int from = parts.size();
    while (from > 0 && parts.get(from - 1).lengthBytes() < SMALL_PART_BYTES) {
      from--;
    }
    List<PartRef> small = parts.subList(from, parts.size());
    if (small.size() < MOST_SMALL_PARTS) {
      return;
    }
    List<ManifestEntry> files = new ArrayList<>();
    for (PartRef part : small) {
      files.addAll(log.part(part));
    }
    small.clear();
    parts.addAll(stored(files));
  }

  private List<PartRef> stored(List<ManifestEntry> files) throws IOException {
    List<PartRef> parts = new ArrayList<>();
    int from = 0;
    while (from < files.size()) {
      int to = from;
      long bytes = 0;
      while (to < files.size()) {
        bytes += Parts.lengthOf(files.get(to));
        if (bytes > PART_BYTES && to > from) {
          break;
        }
        to++;
      }
      parts.add(storedPart(List.copyOf(files.subList(from, to))));
      from = to;
    }
    return parts;
  }

  private PartRef storedPart(List<ManifestEntry> files) throws IOException {
    PartRef known = stored.get(files);
    if (known != null) {
      return known;
    }
    PartRef part = log.storePart(namePrefix + "-" + stored.size() + ".json", files);
    stored.put(files, part);
    return part;
  }

  private static long length(List<ManifestEntry> files) {
    long length = 0;
    for (ManifestEntry file : files) {
      length += Parts.lengthOf(file);
      if (length > INLINE_BYTES) {
        break;
      }
    }
    return length;
  }
}
