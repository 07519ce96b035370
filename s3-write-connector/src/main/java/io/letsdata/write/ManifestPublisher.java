// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Snapshot;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.BucketNotFound;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes one manifest version and finds out with certainty which job published it.
 *
 * <p>After a lost response it reads the version and compares the ids. A missing version decides
 * nothing, because the lost request may still arrive: it puts the same manifest again until the
 * version exists, from this job or another. Only then the outcome is known, because a version is
 * never replaced.
 */
final class ManifestPublisher {
  /**
   * Attempts to decide one version; about 30 seconds with the pauses of {@link WritePlan#PAUSE}.
   */
  static final int SETTLE_TRIES = 8;

  /** The job that published a version. */
  sealed interface Outcome {
    /** This job. */
    record Published() implements Outcome {}

    /** Another job; this job can never publish the version. */
    record Taken(Snapshot by) implements Outcome {}
  }

  private final ManifestLog log;
  private final RetryPause pause;

  ManifestPublisher(ManifestLog log, RetryPause pause) {
    this.log = log;
    this.pause = pause;
  }

  /**
   * Publishes. One PUT without failures; one more GET when the version exists.
   *
   * @throws CommitOutcomeUnknown when neither put nor read had a certain result in {@link
   *     #SETTLE_TRIES} attempts
   * @throws ManifestException when an object that is no snapshot is in the place of the version,
   *     and was there before this job put its own
   * @throws IOException of another type when the store refused the first put, so that nothing was
   *     published
   */
  Outcome publish(Snapshot manifest) throws IOException {
    Doubt doubt = new Doubt();
    for (int round = 1; round <= SETTLE_TRIES; round++) {
      boolean exists = false;
      try {
        if (round > 1) {
          pause.before(round);
        }
        exists = !log.publish(manifest);
        if (!exists) {
          return new Outcome.Published();
        }
      } catch (AccessDenied | BucketNotFound e) {
        if (doubt.isEmpty()) {
          throw e;
        }
        doubt.add(e);
      } catch (IOException | RuntimeException e) {
        doubt.add(e);
      }
      // Also when the put found the version: a client below may have repeated our put after it
      // succeeded.
      boolean certainlyTaken = exists && doubt.isEmpty();
      Optional<Snapshot> standing = read(manifest.version(), doubt, certainlyTaken);
      if (standing.isPresent()) {
        return standing.get().id().equals(manifest.id())
            ? new Outcome.Published()
            : new Outcome.Taken(standing.get());
      }
    }
    throw new CommitOutcomeUnknown(
        "Cannot tell whether the commit to "
            + log.output()
            + " was made: no certain response about "
            + log.location(manifest.version())
            + " in "
            + SETTLE_TRIES
            + " attempts. Nothing was deleted. If that object exists with id "
            + manifest.id()
            + ", the commit was made; if it does not, run the job again.",
        doubt.cause());
  }

  private Optional<Snapshot> read(long version, Doubt doubt, boolean certainlyTaken)
      throws ManifestException {
    try {
      return log.version(version);
    } catch (ManifestException e) {
      // Our bytes are a snapshot, so the object is not ours.
      if (certainlyTaken) {
        throw new ManifestException(
            "Cannot commit to %s: the place of version %s is taken. %s"
                .formatted(log.output(), version, e.getMessage()),
            e);
      }
      doubt.add(e);
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      doubt.add(e);
      return Optional.empty();
    }
  }

  /**
   * The failures that made the outcome uncertain: the first one, with the later ones as suppressed.
   */
  private static final class Doubt {
    private @Nullable Exception first;

    void add(Exception e) {
      if (first == null) {
        first = e;
      } else if (first != e) {
        first.addSuppressed(e);
      }
    }

    boolean isEmpty() {
      return first == null;
    }

    @Nullable Exception cause() {
      return first;
    }
  }
}
