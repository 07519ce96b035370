// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Computes the manifest that a job publishes on top of a version: the rebase of an optimistic
 * commit. Pure.
 */
final class NextManifest {
  private NextManifest() {}

  /**
   * Builds the next version.
   *
   * @param base version to build on; with its manifest when the job appends
   * @param job that commits
   * @param rule for appending
   * @param output location of the output, for the message
   * @return version {@code base.version() + 1}, with the job's id
   * @throws CommitRefused when the job may not append to {@code base}
   */
  static Snapshot after(BaseVersion base, JobOutput job, AppendRule rule, String output)
      throws CommitRefused {
    check(base, job, rule, output);
    if (base.manifest().isPresent()) {
      requireNew(base.manifest().get(), job, output);
    }
    long version = base.version() + 1;
    if (job.mode() != WriteMode.APPEND || base.version() == 0) {
      return Snapshot.of(
          job.id(),
          version,
          job.format(),
          Optional.of(job.schemaJson()),
          job.options(),
          job.layout(),
          job.files());
    }
    Snapshot existing = base.manifest().orElseThrow();
    List<ManifestEntry> files = new ArrayList<>(existing.files());
    files.addAll(job.files());
    return Snapshot.of(
        job.id(),
        version,
        existing.format(),
        existing.schemaJson().or(() -> Optional.of(job.schemaJson())),
        existing.options(),
        existing.layout(),
        files);
  }

  // Only a recovery record that somebody else wrote can name them.
  private static void requireNew(Snapshot existing, JobOutput job, String output)
      throws CommitRefused {
    Set<String> known = new HashSet<>();
    existing.files().forEach(file -> known.add(file.location()));
    for (ManifestEntry file : job.files()) {
      if (known.contains(file.location())) {
        throw new CommitRefused(
            "Cannot commit to %s: version %s has %s already."
                .formatted(output, existing.version(), file.location()));
      }
    }
  }

  /**
   * Refuses a job that may not be committed on {@code base}: another layout, or for an append
   * another format. No request, so it is also called before the job runs.
   */
  static void check(BaseVersion base, JobOutput job, AppendRule rule, String output)
      throws CommitRefused {
    if (base.manifest().isEmpty()) {
      return;
    }
    Snapshot existing = base.manifest().get();
    if (existing.layout() != job.layout()) {
      throw new CommitRefused(
          "Cannot write to %s with layout=%s: its version %s has layout=%s, so a listing would show replaced rows. Write with layout=%s, or choose another output."
              .formatted(
                  output,
                  job.layout().text(),
                  base.version(),
                  existing.layout().text(),
                  existing.layout().text()));
    }
    if (job.mode() != WriteMode.APPEND) {
      return;
    }
    Optional<String> conflict = rule.conflict(existing, job);
    if (conflict.isPresent()) {
      throw new CommitRefused(
          "Cannot append to "
              + output
              + " (version "
              + base.version()
              + "): "
              + conflict.get()
              + ". Write the same way as before, overwrite, or choose another output.");
    }
  }
}
