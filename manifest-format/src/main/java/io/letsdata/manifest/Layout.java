// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;
import java.util.Locale;

/** Who may read an output without its manifest (s3-write-connector/SPEC.md, "Who sees what"). */
@Internal
public enum Layout {
  /** For readers of manifests. Each task stores its objects under {@code data/}. */
  MANIFEST,
  /**
   * Also for tools that list the output. Objects lie directly under it, and the commit of the job
   * completes them.
   */
  PLAIN;

  /** The name in options and manifests, in lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The layout with this name.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  static Layout parse(String text) {
    for (Layout layout : values()) {
      if (layout.text().equals(text)) {
        return layout;
      }
    }
    throw new IllegalArgumentException("layout '" + text + "' is not manifest or plain");
  }
}
