// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.commit;

import io.letsdata.manifest.Snapshot;
import io.letsdata.options.Internal;
import java.util.Optional;

/**
 * Decides whether a job's files may stand beside the files of a snapshot, which has one format, one
 * schema and one set of options. Pure: it is asked again for each version on which the job is
 * rebased.
 */
@Internal
@FunctionalInterface
public interface AppendRule {
  /**
   * Compares the job with the snapshot.
   *
   * @param existing the version on which the job is committed
   * @param job that keeps files of it
   * @return the reason against it, as a clause with the different values; empty when the job's
   *     files fit
   */
  Optional<String> conflict(Snapshot existing, CommitRequest job);

  /**
   * The schema of the version that has the files of both: the evolution of a schema. Asked only
   * when there is no conflict.
   *
   * @return Spark's JSON; by default the existing schema, where it is known
   */
  default String schemaAfter(Snapshot existing, CommitRequest job) {
    return existing.schemaJson().orElse(job.schemaJson());
  }
}
