// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Snapshot;
import java.util.Optional;

/**
 * Decides whether a job's objects may be added to the objects of a snapshot, which has one format,
 * one schema and one set of options.
 */
@FunctionalInterface
interface AppendRule {
  /**
   * * Compares the job with the snapshot. *
   *
   * @param existing snapshot with at least one entry or a schema
   * @param job that wants to append
   * @return the reason against it, as a clause with the different values; empty when the job may
   *     append
   */
  Optional<String> conflict(Snapshot existing, JobOutput job);
}
