// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Snapshot;
import java.util.Optional;

/**
 * The published version on which a job commits. Immutable.
 *
 * @param version number; 0 before the first version
 * @param manifest of that version; empty when {@code version} is 0, and when the job replaces a
 *     manifest that cannot be read
 */
record BaseVersion(long version, Optional<Snapshot> manifest) {

  static final BaseVersion NONE = new BaseVersion(0, Optional.empty());

  BaseVersion {
    if (version < 0 || manifest.filter(m -> m.version() != version).isPresent()) {
      throw new IllegalArgumentException("version " + version);
    }
  }

  static BaseVersion of(Snapshot manifest) {
    return new BaseVersion(manifest.version(), Optional.of(manifest));
  }
}
