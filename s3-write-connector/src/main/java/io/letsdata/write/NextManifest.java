// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Lineage;
import io.letsdata.manifest.version.Replays;
import io.letsdata.manifest.version.TableState;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.write.commit.AppendRule;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes the manifest that a job publishes on top of a version: the rebase of an optimistic
 * commit. For one job; not thread-safe.
 */
final class NextManifest {
  private final ManifestLog log;
  private final FileLists lists;
  private final AppendRule rule;
  private final InstantSource clock;

  NextManifest(ManifestLog log, AppendRule rule, InstantSource clock) {
    this.log = log;
    this.lists = new FileLists(log);
    this.rule = rule;
    this.clock = clock;
  }

  /**
   * Builds the next version. The requests are those of {@link FileLists#next}.
   *
   * @param base version to build on; with its manifest when the job keeps files of it
   * @param job that commits
   * @return version {@code base.version() + 1}, with the job's id
   * @throws CommitRefused when the job may not be committed on {@code base}
   */
  Snapshot after(BaseVersion base, CommitRequest job) throws IOException {
    check(base, job, rule, log.output());
    FileLists.Contents files = lists.next(base.manifest(), job);
    State state = state(base, job);
    return new Snapshot(
        job.id(),
        base.version() + 1,
        state.format,
        Optional.of(state.schemaJson),
        state.options,
        job.layout(),
        Optional.of(lineage(base, job, files)),
        state.table,
        files.parts(),
        files.files());
  }

  private record State(
      String format, String schemaJson, Map<String, String> options, TableState table) {}

  private State state(BaseVersion base, CommitRequest job) {
    if (job.operation() instanceof Operation.Rollback rollback) {
      Snapshot to = rollback.to();
      return new State(
          to.format(), to.schemaJson().orElse(job.schemaJson()), to.options(), to.table());
    }
    if (base.manifest().isEmpty() || !job.operation().keepsFiles()) {
      return new State(job.format(), job.schemaJson(), job.options(), job.table());
    }
    Snapshot existing = base.manifest().get();
    return switch (job.operation().kind()) {
      case ALTER -> new State(existing.format(), job.schemaJson(), job.options(), job.table());
      case APPEND, OVERWRITE_PARTITIONS ->
          new State(
              existing.format(),
              rule.schemaAfter(existing, job),
              existing.options(),
              existing.table());
      default ->
          new State(
              existing.format(),
              existing.schemaJson().orElse(job.schemaJson()),
              existing.options(),
              existing.table());
    };
  }

  private Lineage lineage(BaseVersion base, CommitRequest job, FileLists.Contents files) {
    Optional<Lineage> before = base.manifest().flatMap(Snapshot::lineage);
    Instant now = clock.instant();
    return new Lineage(
        base.manifest().map(Snapshot::id),
        job.operation().kind(),
        job.origin().application(),
        job.origin().commitId(),
        job.origin().stream(),
        before.map(lineage -> lineage.after(now)).orElse(now),
        files.change(),
        before
            .map(Lineage::replays)
            .orElse(Replays.NONE)
            .plus(job.origin().commitId(), job.origin().stream()),
        VersionState.LIVE);
  }

  /**
   * Refuses files that the version has already: only a recovery record that somebody else wrote can
   * name them. One GET per part.
   */
  void requireNew(BaseVersion base, CommitRequest job) throws IOException {
    if (base.manifest().isEmpty()) {
      return;
    }
    Set<String> own = new HashSet<>();
    job.files().forEach(file -> own.add(file.location()));
    for (ManifestEntry file : log.allFiles(base.manifest().get())) {
      if (own.contains(file.location())) {
        throw new CommitRefused(
            "Cannot commit to %s: version %s has %s already."
                .formatted(log.output(), base.version(), file.location()));
      }
    }
  }

  /**
   * Refuses a job that may not be committed on {@code base}: another layout, or files that do not
   * fit beside those that stay. No request, so it is also called before the job runs.
   */
  static void check(BaseVersion base, CommitRequest job, AppendRule rule, String output)
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
    if (!job.operation().keepsFiles()) {
      return;
    }
    if (existing.state() != VersionState.LIVE) {
      throw new CommitRefused(
          "Cannot commit to %s: its latest version %s is %s, so files of it may be deleted. Overwrite the output."
              .formatted(output, base.version(), existing.state().text()));
    }
    boolean addsRows =
        job.operation() instanceof Operation.Append
            || job.operation() instanceof Operation.OverwritePartitions;
    Optional<String> conflict =
        addsRows
            ? partitioning(existing, job).or(() -> rule.conflict(existing, job))
            : Optional.empty();
    if (conflict.isPresent()) {
      throw new CommitRefused(
          (job.operation() instanceof Operation.Append
                  ? "Cannot append to "
                  : "Cannot commit " + job.operation().kind().text() + " to ")
              + output
              + " (version "
              + base.version()
              + "): "
              + conflict.get()
              + ". Write the same way as before, overwrite, or choose another output.");
    }
  }

  private static Optional<String> partitioning(Snapshot existing, CommitRequest job) {
    return existing.table().partitionBy().equals(job.table().partitionBy())
        ? Optional.empty()
        : Optional.of(
            "it is partitioned by (%s), the job's files by (%s)"
                .formatted(
                    String.join(", ", existing.table().partitionBy()),
                    String.join(", ", job.table().partitionBy())));
  }

  /** A version for a message, with its author and time. */
  static String named(Snapshot version) {
    return "version "
        + version.version()
        + version.lineage().map(lineage -> ", " + lineage).orElse("");
  }
}
