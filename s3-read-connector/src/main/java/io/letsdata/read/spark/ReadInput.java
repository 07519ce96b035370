// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.options.Internal;
import io.letsdata.read.errors.ErrorOptions;
import io.letsdata.read.plan.TaskSizes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The objects of one read. Immutable.
 *
 * @param name of the manifest, for messages and EXPLAIN
 * @param files entries of the manifest that are read, in its order
 * @param named all entries of the manifest, in its order
 * @param sizes how objects become tasks
 * @param errors where bad records are written; empty: an error ends the read
 */
@Internal
public record ReadInput(
    String name,
    List<ManifestEntry> files,
    List<ManifestEntry> named,
    TaskSizes sizes,
    Optional<ErrorOptions> errors) {

  /** The place of each object in the manifest, from 1, by its location. */
  Map<String, Long> lines() {
    Map<String, Long> lines = new HashMap<>();
    for (ManifestEntry file : named) {
      lines.put(file.location(), lines.size() + 1L);
    }
    return lines;
  }
}
