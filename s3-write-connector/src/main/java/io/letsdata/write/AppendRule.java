// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Snapshot;
import java.util.Optional;

/**
 * Decides whether a job's files may join files that are there already: a snapshot has one format,
 * schema and options.
 */
@FunctionalInterface
interface AppendRule {
  /**
   * Compares.
   *
   * @param existing snapshot, with at least one file or a schema
   * @param job that wants to append
   * @return why not, as a clause with the values that differ; empty when it may
   */
  Optional<String> conflict(Snapshot existing, JobOutput job);
}
