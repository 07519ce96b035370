// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How the objects of one job become visible. Used once. */
interface Publication {
  /**
   * Publishes; after that nothing may fail.
   *
   * @param objects of all tasks, in partition order
   * @return the published manifest; empty when an earlier version was left alone
   * @throws CommitOutcomeUnknown when a manifest may name the objects, or may do so later
   * @throws IOException of any other type when it is certain that none does or will
   */
  Optional<Snapshot> publish(List<TaskObject> objects) throws IOException;
}
