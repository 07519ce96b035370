// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Makes the objects of one job visible. Used once. */
interface Publication {
  /**
   * Publishes; no later step may fail.
   *
   * @param objects of all tasks, in partition order
   * @return the published manifest; empty when an earlier version was kept
   * @throws CommitOutcomeUnknown when a manifest may name the objects, or may do so later
   * @throws IOException of any other type when certainly no manifest names them, now or later
   */
  Optional<Snapshot> publish(List<TaskObject> objects) throws IOException;
}
