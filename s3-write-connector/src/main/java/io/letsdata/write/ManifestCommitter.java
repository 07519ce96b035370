// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Snapshot;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.write.ManifestPublisher.Outcome;
import io.letsdata.write.commit.AppendRule;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import java.io.IOException;
import java.time.InstantSource;
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
  private final InstantSource clock;
  private final Conflicts conflicts;

  /** Who may publish a job. */
  enum Publishers {
    /** Only the driver that runs it. */
    DRIVER,
    /**
     * Also recovery, maybe at the same time. So the versions since the job's base decide, and not
     * the time at which a process looks: all processes come to the same end. The job is published
     * when one of these versions has its id, and refused for good when one of them is in its way
     * ({@link ManifestCommitter#published}).
     */
    DRIVER_AND_RECOVERY
  }

  ManifestCommitter(ManifestLog log, AppendRule rule, RetryPause pause, Publishers publishers) {
    this(log, rule, pause, publishers, InstantSource.system());
  }

  /** {@code clock} gives the time of a commit. */
  ManifestCommitter(
      ManifestLog log,
      AppendRule rule,
      RetryPause pause,
      Publishers publishers,
      InstantSource clock) {
    this.log = log;
    this.rule = rule;
    this.pause = pause;
    this.publishers = publishers;
    this.clock = clock;
    this.conflicts = new Conflicts(log);
  }

  /**
   * The version on which a job would commit. One LIST, and one GET when there is a version. No
   * request for a job that only commits the first version: its commit finds an earlier one.
   */
  BaseVersion head(Operation operation) throws IOException {
    return operation.buildsOnOthers() ? read(log.latestVersion(), operation) : BaseVersion.NONE;
  }

  /**
   * As {@link #head}, for a job that knows a version already. One LIST, and one GET when the latest
   * is another one.
   */
  BaseVersion headAfter(BaseVersion known, Operation operation) throws IOException {
    long latest = log.latestVersion();
    return latest == known.version() ? known : read(latest, operation);
  }

  /** The version on which a job commits that began on {@code version}. One GET unless it is 0. */
  BaseVersion headAt(long version, Operation operation) throws IOException {
    return read(version, operation);
  }

  /** Refuses early a job that {@link #commit} would refuse. No request. */
  void check(CommitRequest job, BaseVersion base) throws CommitRefused {
    NextManifest.check(base, job, rule, log.output());
  }

  /**
   * Refuses a job that conflicts with what was committed between two versions ({@link Conflicts}).
   */
  void checkConflicts(CommitRequest job, BaseVersion began, BaseVersion onto) throws IOException {
    conflicts.check(job, began, onto);
  }

  /** Whether a version has the job's commit-id, or its epoch or a later one. No request. */
  static boolean isReplay(CommitRequest job, BaseVersion onto) {
    return onto.manifest()
        .flatMap(Snapshot::lineage)
        .filter(
            lineage -> lineage.replays().contains(job.origin().commitId(), job.origin().stream()))
        .isPresent();
  }

  /**
   * Commits the job.
   *
   * <p>One PUT when {@code base} is still the latest, and the parts of {@link FileLists}; each
   * failed round adds up to one LIST, two GETs and one PUT, and the requests of {@link Conflicts}.
   *
   * @param base latest version when the job began, or any version before that of the job
   * @return the published manifest; empty when the commit succeeds without effect, and none of its
   *     files will ever be named: mode {@code IGNORE} kept an earlier version, or a version has the
   *     job's commit-id or epoch
   * @throws CommitOutcomeUnknown when the commit may or may not have been made
   * @throws IOException of any other type when it is certain that the commit was not and will not
   *     be made
   */
  Optional<Snapshot> commit(CommitRequest job, BaseVersion base) throws IOException {
    ManifestPublisher publisher = new ManifestPublisher(log, pause);
    NextManifest next = new NextManifest(log, rule, clock);
    BaseVersion onto = base;
    for (int round = 1; round <= ROUNDS; round++) {
      if (isReplay(job, onto)) {
        return Optional.empty();
      }
      conflicts.check(job, base, onto);
      if (publishers == Publishers.DRIVER_AND_RECOVERY) {
        next.requireNew(onto, job);
      }
      Snapshot manifest = next.after(onto, job);
      if (!(publisher.publish(manifest) instanceof Outcome.Taken taken)) {
        return Optional.of(manifest);
      }
      if (job.operation() instanceof Operation.Create create) {
        if (create.keepsEarlier() || isReplay(job, BaseVersion.of(taken.by()))) {
          return Optional.empty();
        }
        throw new CommitRefused(
            "Cannot write to "
                + log.output()
                + ": it has been written already. Use mode append or overwrite, or choose another"
                + " output.");
      }
      pause.before(round);
      long latest = log.latestVersion();
      if (publishers == Publishers.DRIVER_AND_RECOVERY) {
        Optional<Snapshot> byRecovery = published(job, taken.by().version() - 1, latest);
        if (byRecovery.isPresent()) {
          return byRecovery;
        }
      }
      onto =
          latest <= taken.by().version()
              ? BaseVersion.of(taken.by())
              : read(latest, job.operation());
    }
    String crowdedOut =
        "Cannot commit to %s: other jobs published first %s times in a row. "
            .formatted(log.output(), ROUNDS);
    if (publishers == Publishers.DRIVER_AND_RECOVERY) {
      throw new CommitOutcomeUnknown(
          crowdedOut + "The next write with layout=plain to this output finishes the commit.",
          null);
    }
    throw new CommitRefused(crowdedOut + "Run the job again with fewer writers.");
  }

  /**
   * The version that a job published since version {@code base}; empty when it has published none
   * and still may. One LIST and a GET for each version since.
   *
   * @throws CommitRefused when it has published none and never may: an overwrite because it would
   *     drop what others committed since, an append because such a version has another format,
   *     options or columns, mode {@code ERROR_IF_EXISTS} because there is a version; any job whose
   *     base does not exist
   */
  Optional<Snapshot> published(CommitRequest job, long base) throws IOException {
    long latest = log.latestVersion();
    if (base > latest) {
      throw new CommitRefused(
          "Cannot commit to %s on version %s: the latest version is %s."
              .formatted(log.output(), base, latest));
    }
    return published(job, base, latest);
  }

  private Optional<Snapshot> published(CommitRequest job, long base, long latest)
      throws IOException {
    Optional<CommitRefused> obstacle = Optional.empty();
    for (long version = base + 1; version <= latest; version++) {
      Optional<Snapshot> found = log.version(version);
      if (found.filter(manifest -> manifest.id().equals(job.id())).isPresent()) {
        return found;
      }
      if (obstacle.isEmpty()) {
        obstacle = obstacle(job, version, found);
      }
    }
    if (obstacle.isPresent()) {
      throw obstacle.get();
    }
    return Optional.empty();
  }

  private Optional<CommitRefused> obstacle(
      CommitRequest job, long version, Optional<Snapshot> manifest) {
    try {
      return switch (job.operation().kind()) {
        case APPEND -> {
          if (manifest.isPresent()) {
            check(job, BaseVersion.of(manifest.get()));
          }
          yield Optional.empty();
        }
        default ->
            job.operation() instanceof Operation.Create create && create.keepsEarlier()
                ? Optional.empty()
                : Optional.of(
                    new CommitRefused(
                        "Cannot write to %s with %s: version %s was committed before this job was. Run the job again."
                            .formatted(log.output(), job.operation().kind().text(), version)));
      };
    } catch (CommitRefused e) {
      return Optional.of(e);
    }
  }

  private BaseVersion read(long version, Operation operation) throws IOException {
    if (version == 0) {
      return BaseVersion.NONE;
    }
    if (!operation.keepsFiles()) {
      return new BaseVersion(version, readable(version));
    }
    return BaseVersion.of(
        log.version(version)
            .orElseThrow(
                () ->
                    new ManifestException(
                        "Cannot append to "
                            + log.output()
                            + ": "
                            + log.location(version)
                            + " does not exist any more. Restore it, or overwrite.")));
  }

  // An overwrite also replaces a manifest that nobody can read.
  private Optional<Snapshot> readable(long version) throws IOException {
    try {
      return log.version(version);
    } catch (ManifestException e) {
      return Optional.empty();
    }
  }
}
