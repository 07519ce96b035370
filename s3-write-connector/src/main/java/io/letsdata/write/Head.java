// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Snapshot;
import java.util.Optional;

/**
 * The latest published version, as far as a job needs to know it. Immutable.
 *
 * @param version 0 before the first
 * @param manifest of that version; empty when {@code version} is 0, and when the job replaces it
 *     unseen
 */
record Head(long version, Optional<Snapshot> manifest) {

  static final Head NONE = new Head(0, Optional.empty());

  Head {
    if (version < 0 || manifest.filter(m -> m.version() != version).isPresent()) {
      throw new IllegalArgumentException("version " + version);
    }
  }

  static Head of(Snapshot manifest) {
    return new Head(manifest.version(), Optional.of(manifest));
  }
}
