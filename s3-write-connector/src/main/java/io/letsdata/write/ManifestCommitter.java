// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Snapshot;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.write.ManifestPublisher.Outcome;
import java.io.IOException;
import java.util.Optional;

/**
 * Commits a job: publishes one manifest version with the job's files, on top of the versions that
 * other jobs publish at the same time.
 *
 * <p>Optimistic: it tries the version after the latest known one. When that version exists, it
 * reads the latest version, rebases and tries again. A published version is never replaced, so
 * versions order the jobs, and no job is lost.
 */
final class ManifestCommitter {
  /** Versions that a job tries before it fails; in each failed round another job published. */
  static final int ROUNDS = 200;

  private final ManifestLog log;
  private final AppendRule rule;
  private final RetryPause pause;
  private final Publishers publishers;

  /** Who may publish a job. */
  enum Publishers {
    /** Only the driver that runs it. */
    DRIVER,
    /** Also recovery, maybe at the same time: versions in between are searched for the job's id. */
    DRIVER_AND_RECOVERY
  }

  ManifestCommitter(ManifestLog log, AppendRule rule, RetryPause pause, Publishers publishers) {
    this.log = log;
    this.rule = rule;
    this.pause = pause;
    this.publishers = publishers;
  }

  /**
   * The version on which a job of {@code mode} would commit. One LIST, and for an append one GET
   * when there is a version. No request for a job that only commits the first version: its commit
   * finds an earlier one.
   */
  BaseVersion head(WriteMode mode) throws IOException {
    return mode.buildsOnOthers() ? read(log.latestVersion(), mode) : BaseVersion.NONE;
  }

  /**
   * The version on which a job commits that began on {@code version}. One GET for an append to an
   * existing version.
   */
  BaseVersion headAt(long version, WriteMode mode) throws IOException {
    return read(version, mode);
  }

  /** Refuses early a job that {@link #commit} would refuse. No request. */
  void check(JobOutput job, BaseVersion base) throws CommitRefused {
    NextManifest.check(base, job, rule, log.output());
  }

  /**
   * * Commits the job. *
   *
   * <p>One PUT when {@code base} is still the latest; each failed round adds up to one LIST, two
   * GETs and one PUT.
   *
   * @param base latest version when the job began, or any version before that of the job
   * @return the published manifest; empty when mode {@code IGNORE} kept an earlier version
   * @throws CommitOutcomeUnknown when the commit may or may not have been made
   * @throws IOException of any other type when it is certain that the commit was not and will not
   *     be made
   */
  Optional<Snapshot> commit(JobOutput job, BaseVersion base) throws IOException {
    ManifestPublisher publisher = new ManifestPublisher(log, pause);
    BaseVersion onto = base;
    for (int round = 1; round <= ROUNDS; round++) {
      Snapshot manifest = NextManifest.after(onto, job, rule, log.output());
      if (!(publisher.publish(manifest) instanceof Outcome.Taken taken)) {
        return Optional.of(manifest);
      }
      if (job.mode() == WriteMode.IGNORE) {
        return Optional.empty();
      }
      if (job.mode() == WriteMode.ERROR_IF_EXISTS) {
        throw new CommitRefused(
            "Cannot write to "
                + log.output()
                + ": it has been written already. Use mode append or overwrite, or choose another"
                + " output.");
      }
      pause.before(round);
      long latest = log.latestVersion();
      Optional<Snapshot> byRecovery = search(job, taken.by().version() + 1, latest);
      if (byRecovery.isPresent()) {
        return byRecovery;
      }
      onto = latest <= taken.by().version() ? BaseVersion.of(taken.by()) : read(latest, job.mode());
    }
    throw new CommitRefused(
        "Cannot commit to "
            + log.output()
            + ": other jobs published first "
            + ROUNDS
            + " times in a row. Run the job again with fewer writers.");
  }

  private Optional<Snapshot> search(JobOutput job, long from, long to) throws IOException {
    if (publishers == Publishers.DRIVER_AND_RECOVERY) {
      for (long version = from; version <= to; version++) {
        Optional<Snapshot> manifest = log.version(version).filter(m -> m.id().equals(job.id()));
        if (manifest.isPresent()) {
          return manifest;
        }
      }
    }
    return Optional.empty();
  }

  private BaseVersion read(long version, WriteMode mode) throws IOException {
    if (version == 0 || mode != WriteMode.APPEND) {
      return new BaseVersion(version, Optional.empty());
    }
    return BaseVersion.of(
        log.version(version)
            .orElseThrow(
                () ->
                    new CommitRefused(
                        "Cannot append to "
                            + log.output()
                            + ": "
                            + log.location(version)
                            + " was listed and does not exist any more. Restore it, or overwrite.")));
  }
}
