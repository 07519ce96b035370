// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

/** The readers of an output (SPEC.md, "Who sees what"); option {@code layout}. */
enum Layout {
  /** For readers of manifests. Each task stores its objects under {@code data/}. */
  MANIFEST,
  /**
   * Also for tools that list the output. Objects lie directly under it, and the commit of the job
   * completes them.
   */
  PLAIN
}
