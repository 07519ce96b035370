// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;

/**
 * The number of files that a commit added and removed. Immutable.
 *
 * @param addedFiles that the version before does not have
 * @param removedFiles that only the version before has
 */
@Internal
public record Change(long addedFiles, long removedFiles) {
  /** The same files. */
  public static final Change NONE = new Change(0, 0);

  public Change {
    if (addedFiles < 0 || removedFiles < 0) {
      throw new IllegalArgumentException(
          "addedFiles " + addedFiles + ", removedFiles " + removedFiles);
    }
  }
}
