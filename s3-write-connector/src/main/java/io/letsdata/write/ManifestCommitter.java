// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Snapshot;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.write.ManifestPublisher.Outcome;
import java.io.IOException;
import java.util.Optional;

/**
 * Commits a job: publishes one manifest version that holds the job's files, on top of whatever
 * other jobs published meanwhile.
 *
 * <p>Optimistic: the version after the latest known one is tried; whoever finds it taken reads the
 * latest, rebases and tries again. A published version is never replaced, so versions order the
 * jobs and none is lost.
 */
final class ManifestCommitter {
  /** Versions a job tries before it gives up; each lost round means that another job won. */
  static final int ROUNDS = 200;

  private final ManifestLog log;
  private final AppendRule rule;
  private final Pause pause;
  private final Publishers publishers;

  /** Who may publish a job. */
  enum Publishers {
    /** The driver that runs it. */
    DRIVER,
    /** Recovery too, maybe at the same time: versions in between are searched for the job's id. */
    DRIVER_AND_RECOVERY
  }

  ManifestCommitter(ManifestLog log, AppendRule rule, Pause pause, Publishers publishers) {
    this.log = log;
    this.rule = rule;
    this.pause = pause;
    this.publishers = publishers;
  }

  /**
   * Looks up what a job of {@code mode} would commit on. One LIST, and for an append one GET when
   * there is a version; nothing for a job that only commits the first version, since the commit
   * itself finds out.
   */
  Head head(WriteMode mode) throws IOException {
    return mode.buildsOnOthers() ? read(log.latestVersion(), mode) : Head.NONE;
  }

  /** What a job that began on {@code version} commits on. One GET for an append to something. */
  Head headAt(long version, WriteMode mode) throws IOException {
    return read(version, mode);
  }

  /** Refuses early what {@link #commit} would refuse. No request. */
  void check(JobOutput job, Head base) throws CommitRefused {
    NextManifest.check(base, job, rule, log.output());
  }

  /**
   * Commits.
   *
   * <p>One PUT when {@code base} is still the latest; a lost round adds up to one LIST, two GETs
   * and one PUT.
   *
   * @param base latest version when the job began, or any version before the job's own
   * @return the published manifest; empty when mode {@code IGNORE} left an earlier version alone
   * @throws CommitOutcomeUnknown when the commit may or may not have been made
   * @throws IOException of any other type when it is certain that the commit was not and will not
   *     be made
   */
  Optional<Snapshot> commit(JobOutput job, Head base) throws IOException {
    ManifestPublisher publisher = new ManifestPublisher(log, pause);
    Head onto = base;
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
      Optional<Snapshot> elsewhere = search(job, taken.by().version() + 1, latest);
      if (elsewhere.isPresent()) {
        return elsewhere;
      }
      onto = latest <= taken.by().version() ? Head.of(taken.by()) : read(latest, job.mode());
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

  private Head read(long version, WriteMode mode) throws IOException {
    if (version == 0 || mode != WriteMode.APPEND) {
      return new Head(version, Optional.empty());
    }
    return Head.of(
        log.version(version)
            .orElseThrow(
                () ->
                    new CommitRefused(
                        "Cannot append to "
                            + log.output()
                            + ": "
                            + log.location(version)
                            + " was listed and is gone. Restore it, or overwrite.")));
  }
}
