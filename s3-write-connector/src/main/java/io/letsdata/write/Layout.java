// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import java.util.Arrays;
import java.util.Locale;

/** Who the output is for (SPEC.md, "Who sees what"); option {@code layout}. */
enum Layout {
  /** Readers of manifests. Objects are stored under {@code data/} as tasks end. */
  MANIFEST,
  /**
   * Also tools that list the output. Objects lie directly under it and are completed when the job
   * commits.
   */
  PLAIN;

  static Layout parse(String value) {
    return Arrays.stream(values())
        .filter(layout -> layout.text().equalsIgnoreCase(value.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Invalid value for option layout: '"
                        + value
                        + "' (must be manifest or plain)"));
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
