// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Snapshot;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.BucketNotFound;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes one manifest version and finds out for certain whose it became.
 *
 * <p>After a lost answer the version's key is read and the ids are compared. An absent key settles
 * nothing, because the lost request may still arrive: the same manifest is put again until some
 * manifest stands under the key, ours or another's. Only then is the outcome known, since a version
 * is never replaced.
 */
final class ManifestPublisher {
  /** Tries to settle one version; with the pauses of {@link Pause} about half a minute. */
  static final int SETTLE_TRIES = 8;

  /** Whose manifest a version is. */
  sealed interface Outcome {
    /** Ours. */
    record Published() implements Outcome {}

    /** Another's, and ours can never become this version. */
    record Taken(Snapshot by) implements Outcome {}
  }

  private final ManifestLog log;
  private final Pause pause;

  ManifestPublisher(ManifestLog log, Pause pause) {
    this.log = log;
    this.pause = pause;
  }

  /**
   * Publishes. One PUT when all goes well; one GET more when the version is taken.
   *
   * @throws CommitOutcomeUnknown when neither put nor read gave a certain answer in {@link
   *     #SETTLE_TRIES} tries
   * @throws IOException of another type when the store refused the first put, so that nothing was
   *     published
   */
  Outcome publish(Snapshot manifest) throws IOException {
    Doubt doubt = new Doubt();
    for (int round = 1; round <= SETTLE_TRIES; round++) {
      try {
        if (round > 1) {
          pause.before(round);
        }
        if (log.publish(manifest)) {
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
      // Also after a plain "taken": a client below may have repeated a put of ours that had
      // succeeded.
      Optional<Snapshot> standing = read(manifest.version(), doubt);
      if (standing.isPresent()) {
        return standing.get().id().equals(manifest.id())
            ? new Outcome.Published()
            : new Outcome.Taken(standing.get());
      }
    }
    throw new CommitOutcomeUnknown(
        "Cannot tell whether the commit to "
            + log.output()
            + " was made: no certain answer about "
            + log.location(manifest.version())
            + " in "
            + SETTLE_TRIES
            + " tries. Nothing was deleted. If that object exists with id "
            + manifest.id()
            + ", the commit was made; if it does not, run the job again.",
        doubt.cause());
  }

  private Optional<Snapshot> read(long version, Doubt doubt) {
    try {
      return log.version(version);
    } catch (IOException | RuntimeException e) {
      doubt.add(e);
      return Optional.empty();
    }
  }

  /** Why the outcome is in doubt: the first failure, with the later ones attached to it. */
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
