// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The commit that made a version. Immutable.
 *
 * @param parent id of the version before; empty for version 1, and after a version whose manifest
 *     cannot be read
 * @param operation effect on the version before
 * @param application that committed
 * @param commitId of the user, when given
 * @param stream the streaming query and its epoch, of a commit of a stream
 * @param time of the commit by the driver's clock, in milliseconds; always later than that of the
 *     parent, whatever the clocks say
 * @param change in files
 * @param replays the commits that this version recognizes when they are made again, its own
 *     included
 * @param state whether the version may be read
 */
@Internal
public record Lineage(
    Optional<String> parent,
    OperationKind operation,
    Application application,
    Optional<String> commitId,
    Optional<StreamEpoch> stream,
    Instant time,
    Change change,
    Replays replays,
    VersionState state) {

  public Lineage {
    time = time.truncatedTo(ChronoUnit.MILLIS);
    commitId.ifPresent(Replays::requireId);
  }

  /** The same commit in another state. */
  public Lineage in(VersionState newState) {
    return new Lineage(
        parent, operation, application, commitId, stream, time, change, replays, newState);
  }

  /** The time of a commit after this one: {@code now}, or a millisecond later than this. */
  public Instant after(Instant now) {
    Instant next = time.plusMillis(1);
    return now.isBefore(next) ? next : now;
  }

  /** The commit for a message: {@code append by nightly (app-7) at 2026-01-31T12:00:00Z}. */
  @Override
  public String toString() {
    return operation.text() + " by " + application + " at " + time;
  }
}
