// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.options.Evolving;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.read.spi.VersionHold;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** The versions of an output: what they are, and the way back to one. Stateless. */
@Evolving
public final class OutputHistory {
  /**
   * A rollback holds its version for as long as its commit may still arrive: S3 refuses a request
   * that was signed more than 15 minutes ago.
   */
  private static final Duration ROLLBACK_HOLD = Duration.ofMinutes(30);

  private OutputHistory() {}

  /**
   * A version as a listing shows it.
   *
   * @param version number
   * @param location of its manifest
   * @param modified when the manifest was stored, by the store's clock; also its expiry stores it
   */
  record Listed(long version, ObjectLocation location, Instant modified) {}

  /** All versions, the latest first. One LIST per thousand. */
  static List<Listed> listed(ObjectStore store, OutputLayout output) throws IOException {
    List<Listed> versions = new ArrayList<>();
    try {
      Iterator<ListedObject> all = store.listAll(output.bucket(), output.manifestPrefix());
      all.forEachRemaining(
          object -> {
            OptionalLong version = output.versionOf(object.location().key());
            if (version.isPresent()) {
              versions.add(new Listed(version.getAsLong(), object.location(), object.modified()));
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return versions;
  }

  /**
   * The manifests of the latest versions, the latest first, expired ones included. One LIST, and a
   * GET each.
   *
   * @param most number of versions
   */
  public static List<Snapshot> latest(ObjectStore store, OutputLayout output, int most)
      throws IOException {
    ManifestLog log = new ManifestLog(store, output);
    List<Snapshot> versions = new ArrayList<>();
    for (long version = log.latestVersion(); version > 0 && versions.size() < most; version--) {
      versions.add(log.read(version));
    }
    return versions;
  }

  /**
   * Commits a version with the files, schema and options of an earlier one. A hold keeps the
   * earlier version from being expired meanwhile. A PUT and a DELETE for the hold, two GETs, and
   * the commit.
   *
   * @return the published manifest
   * @throws ManifestException when the earlier version does not exist or is expired
   * @throws CommitRefused when the output's layout is plain
   */
  public static Snapshot rollBack(
      ObjectStore store, OutputLayout output, long version, CommitOrigin origin)
      throws IOException {
    return rollBack(store, output, version, origin, WritePlan.PAUSE);
  }

  static Snapshot rollBack(
      ObjectStore store, OutputLayout output, long version, CommitOrigin origin, RetryPause pause)
      throws IOException {
    OutputCommits commits = new OutputCommits(store, output, pause);
    VersionHold hold = VersionHold.declare(store, output, version, ROLLBACK_HOLD);
    try {
      Snapshot to =
          commits
              .log()
              .version(version)
              .orElseThrow(
                  () ->
                      new ManifestException(
                          "Cannot roll back %s to version %s: it does not exist. See letsdata output history."
                              .formatted(output.output(), version)));
      if (to.state() != VersionState.LIVE) {
        throw new ManifestException(
            "Cannot roll back %s to version %s: it is %s. See letsdata output history."
                .formatted(output.output(), version, to.state().text()));
      }
      CommitRequest job =
          new CommitRequest(
              UUID.randomUUID().toString(),
              new Operation.Rollback(to),
              origin,
              to.format(),
              to.schemaJson().orElse("{\"type\":\"struct\",\"fields\":[]}"),
              to.options(),
              to.layout(),
              to.table(),
              List.of());
      Optional<Snapshot> published = commits.commit(job, commits.log().latest());
      hold.end();
      return published.orElseThrow(
          () -> new IllegalStateException("a rollback without commit-id has an effect"));
    } catch (CommitOutcomeUnknown e) {
      throw e; // the hold stays: the commit may still arrive
    } catch (IOException e) {
      hold.end();
      throw e;
    }
  }
}
