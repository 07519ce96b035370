// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Computes the manifest that a job would publish on top of what is committed: the rebase of an
 * optimistic commit. Pure.
 */
final class NextManifest {
  private NextManifest() {}

  /**
   * Builds the next version.
   *
   * @param head to build on; with its manifest when the job appends
   * @param job to add
   * @param rule for appending
   * @param output name of the output, for the message
   * @return version {@code head.version() + 1}, with the job's id
   * @throws CommitRefused when the job may not append to {@code head}
   */
  static Snapshot after(Head head, JobOutput job, AppendRule rule, String output)
      throws CommitRefused {
    check(head, job, rule, output);
    long version = head.version() + 1;
    if (job.mode() != WriteMode.APPEND || head.version() == 0) {
      return Snapshot.of(
          job.id(),
          version,
          job.format(),
          Optional.of(job.schemaJson()),
          job.options(),
          job.files());
    }
    Snapshot existing = head.manifest().orElseThrow();
    List<ManifestEntry> files = new ArrayList<>(existing.files());
    files.addAll(job.files());
    return Snapshot.of(
        job.id(),
        version,
        existing.format(),
        existing.schemaJson().or(() -> Optional.of(job.schemaJson())),
        existing.options(),
        files);
  }

  /**
   * Refuses a job that may not append to {@code head}; costs nothing, so it is asked before the job
   * runs too.
   */
  static void check(Head head, JobOutput job, AppendRule rule, String output) throws CommitRefused {
    if (job.mode() != WriteMode.APPEND || head.manifest().isEmpty()) {
      return;
    }
    Optional<String> conflict = rule.conflict(head.manifest().get(), job);
    if (conflict.isPresent()) {
      throw new CommitRefused(
          "Cannot append to "
              + output
              + " (version "
              + head.version()
              + "): "
              + conflict.get()
              + ". Write the same way as before, overwrite, or choose another output.");
    }
  }
}
