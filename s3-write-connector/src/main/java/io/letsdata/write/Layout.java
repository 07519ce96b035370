// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

/** Who the output is for (SPEC.md, "Who sees what"); option {@code layout}. */
enum Layout {
  /** Readers of manifests. Objects are stored under {@code data/} as tasks end. */
  MANIFEST,
  /**
   * Also tools that list the output. Objects lie directly under it and are completed when the job
   * commits.
   */
  PLAIN
}
