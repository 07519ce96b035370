// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Application;
import io.letsdata.manifest.version.Change;
import io.letsdata.manifest.version.Lineage;
import io.letsdata.manifest.version.OperationKind;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.manifest.version.Replays;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.options.Evolving;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.read.spi.VersionHold;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Expires old versions, and deletes the files that only these have (SPEC.md, "Expiry"). Safe beside
 * writers, readers with a hold, rollbacks and other expiries, and when it stops at any request: the
 * next expiry goes on. Stateless.
 *
 * <p>The keys of manifests stay, because they keep late commits out. An expired version passes
 * through two states: first it is marked, so that no reader begins to read it; then, when no reader
 * holds it, its files are deleted, and the manifest names none.
 */
@Evolving
public final class OutputExpiry {
  private OutputExpiry() {}

  /**
   * The versions to keep. The latest always stays.
   *
   * @param versions number of the latest ones, at least 1
   * @param replacedFor a version that was replaced less long ago stays, too
   */
  public record Keep(int versions, Duration replacedFor) {
    public Keep {
      if (versions < 1 || replacedFor.isNegative()) {
        throw new IllegalArgumentException("keep " + versions + ", " + replacedFor);
      }
    }
  }

  /**
   * The result.
   *
   * @param expired versions that must not be read any more, oldest first
   * @param held versions that would be expired, but a reader holds them
   * @param deleted objects that only expired versions named
   */
  public record Result(List<Long> expired, List<Long> held, List<ObjectLocation> deleted) {
    public Result {
      expired = List.copyOf(expired);
      held = List.copyOf(held);
      deleted = List.copyOf(deleted);
    }
  }

  /**
   * The versions that {@link #expire} would mark now. One LIST per thousand versions and holds, one
   * GET for each of them.
   */
  public static Result plan(ObjectStore store, OutputLayout output, Instant now, Keep keep)
      throws IOException {
    return new Result(
        candidates(store, output, now, keep, false),
        candidates(store, output, now, keep, true),
        List.of());
  }

  /**
   * Expires. The requests of {@link #plan}; a PUT for each version; the second listing of holds and
   * versions, a GET for each version and each part; a DELETE per thousand objects; a PUT for each
   * version whose files are deleted.
   *
   * @param now of the store's clock
   */
  public static Result expire(ObjectStore store, OutputLayout output, Instant now, Keep keep)
      throws IOException {
    ManifestLog log = new ManifestLog(store, output);
    List<Long> held = candidates(store, output, now, keep, true);
    List<Long> expired = candidates(store, output, now, keep, false);
    for (long version : expired) {
      Snapshot manifest = log.read(version);
      if (manifest.state() == VersionState.LIVE) {
        store(store, log, withLineage(manifest).in(VersionState.EXPIRED));
      }
    }
    return new Result(expired, held, purge(store, output, log, now));
  }

  private static List<Long> candidates(
      ObjectStore store, OutputLayout output, Instant now, Keep keep, boolean held)
      throws IOException {
    List<OutputHistory.Listed> versions = OutputHistory.listed(store, output);
    Set<Long> holds = VersionHold.held(store, output, now);
    ManifestLog log = new ManifestLog(store, output);
    List<Long> candidates = new ArrayList<>();
    for (int i = versions.size() - 1; i >= keep.versions(); i--) {
      long version = versions.get(i).version();
      // The next version replaced it.
      boolean young = versions.get(i - 1).modified().plus(keep.replacedFor()).isAfter(now);
      if (!young
          && holds.contains(version) == held
          && log.read(version).state() == VersionState.LIVE) {
        candidates.add(version);
      }
    }
    return candidates;
  }

  // Order matters: the marks are stored, then the holds are listed, then the versions. A reader
  // stores its hold and then reads the manifest. So it sees the mark, or this sees its hold.
  private static List<ObjectLocation> purge(
      ObjectStore store, OutputLayout output, ManifestLog log, Instant now) throws IOException {
    Set<Long> holds = VersionHold.held(store, output, now);
    List<Snapshot> purged = new ArrayList<>();
    Set<ObjectLocation> kept = new HashSet<>();
    for (OutputHistory.Listed listed : OutputHistory.listed(store, output)) {
      Snapshot manifest = log.read(listed.version());
      if (manifest.state() == VersionState.EXPIRED && !holds.contains(listed.version())) {
        purged.add(manifest);
      } else {
        for (PartRef part : manifest.parts()) {
          if (kept.add(log.location(part.name()))) {
            addFiles(log.part(part), output, kept);
          }
        }
        addFiles(manifest.files(), output, kept);
      }
    }
    Set<ObjectLocation> files = new HashSet<>();
    Set<ObjectLocation> parts = new HashSet<>();
    for (Snapshot manifest : purged) {
      for (PartRef part : manifest.parts()) {
        ObjectLocation at = log.location(part.name());
        if (!kept.contains(at) && parts.add(at)) {
          addFiles(readable(log, part), output, files);
        }
      }
      addFiles(manifest.files(), output, files);
    }
    files.removeAll(kept);
    // Files before parts: a part that is deleted does not name the files that are left.
    List<ObjectLocation> deleted = new ArrayList<>(files);
    delete(store, deleted);
    delete(store, List.copyOf(parts));
    deleted.addAll(parts);
    for (Snapshot manifest : purged) {
      store(store, log, manifest.in(VersionState.PURGED));
    }
    return deleted;
  }

  /** The files of a part that an earlier expiry may have deleted, with all its files before it. */
  private static List<ManifestEntry> readable(ManifestLog log, PartRef part) throws IOException {
    try {
      return log.part(part);
    } catch (ManifestException e) {
      return List.of();
    }
  }

  // Only objects that a task of this output makes: a manifest is data that others may have written.
  private static void addFiles(
      List<ManifestEntry> entries, OutputLayout output, Set<ObjectLocation> files) {
    for (ManifestEntry entry : entries) {
      ObjectLocation at = new ObjectLocation(entry.bucket(), entry.key());
      if (ObjectNames.isData(output, at) || ObjectNames.isPlain(output, at)) {
        files.add(at);
      }
    }
  }

  private static void delete(ObjectStore store, List<ObjectLocation> locations) throws IOException {
    if (!locations.isEmpty()) {
      store.delete(locations);
    }
  }

  private static void store(ObjectStore store, ManifestLog log, Snapshot manifest)
      throws IOException {
    String unused =
        store.put(log.location(manifest.version()), ObjectContent.of(Manifests.toBytes(manifest)));
  }

  /** The manifest with a lineage, which byte format 1 has not. */
  private static Snapshot withLineage(Snapshot manifest) {
    if (manifest.lineage().isPresent()) {
      return manifest;
    }
    return new Snapshot(
        manifest.id(),
        manifest.version(),
        manifest.format(),
        manifest.schemaJson(),
        manifest.options(),
        manifest.layout(),
        Optional.of(
            new Lineage(
                Optional.empty(),
                OperationKind.OVERWRITE,
                new Application("unknown", ""),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                Change.NONE,
                Replays.NONE,
                VersionState.LIVE)),
        manifest.table(),
        manifest.parts(),
        manifest.files());
  }
}
