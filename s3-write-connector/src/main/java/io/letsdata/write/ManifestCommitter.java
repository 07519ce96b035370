package io.letsdata.write;

import io.letsdata.manifest.Manifest;
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

  ManifestCommitter(ManifestLog log, AppendRule rule, Pause pause) {
    this.log = log;
    this.rule = rule;
    this.pause = pause;
  }

  /**
   * Looks up what a job of {@code mode} would commit on. One LIST, and for an append one GET when
   * there is a version; nothing for a job that only commits the first version, since the commit
   * itself finds out.
   */
  Head head(WriteMode mode) throws IOException {
    return mode.buildsOnOthers() ? read(log.latestVersion(), mode) : Head.NONE;
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
   * @param base latest version when the job began
   * @return the published manifest; empty when mode {@code IGNORE} left an earlier version alone
   * @throws CommitOutcomeUnknown when the commit may or may not have been made
   * @throws IOException of any other type when it is certain that the commit was not and will not
   *     be made
   */
  Optional<Manifest> commit(JobOutput job, Head base) throws IOException {
    ManifestPublisher publisher = new ManifestPublisher(log, pause);
    Head onto = base;
    for (int round = 1; round <= ROUNDS; round++) {
      Manifest manifest = NextManifest.after(onto, job, rule, log.output());
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
                + ": it has been written already. Use mode append or overwrite, or choose another output.");
      }
      pause.before(round);
      onto = latest(taken.by(), job.mode());
    }
    throw new CommitRefused(
        "Cannot commit to "
            + log.output()
            + ": other jobs published first "
            + ROUNDS
            + " times in a row. Run the job again with fewer writers.");
  }

  private Head latest(Manifest known, WriteMode mode) throws IOException {
    long version = log.latestVersion();
    return version <= known.version() ? Head.of(known) : read(version, mode);
  }

  private Head read(long version, WriteMode mode) throws IOException {
    if (version == 0 || mode == WriteMode.OVERWRITE) {
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
