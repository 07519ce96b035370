// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;
import java.util.Locale;

/**
 * Whether a version may be read. The manifest's key always stays: it keeps a late commit of the
 * same version out.
 */
@Internal
public enum VersionState {
  /** It may be read. */
  LIVE,
  /** It must not be read from now on. The manifest still names its files, which may be deleted. */
  EXPIRED,
  /** The files that only this version had are deleted. The manifest names none. */
  PURGED;

  /** The name in a manifest. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The state with this name.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  public static VersionState parse(String text) {
    for (VersionState state : values()) {
      if (state.text().equals(text)) {
        return state;
      }
    }
    throw new IllegalArgumentException("state '" + text + "' is not live, expired or purged");
  }
}
