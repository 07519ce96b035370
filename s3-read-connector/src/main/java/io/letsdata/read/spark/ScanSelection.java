// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The objects that a scan reads. Immutable.
 *
 * @param files in the order of the manifest
 * @param withoutMatch objects that are left out because their statistics match no filter
 * @param limit rows after which each task stops; empty: no limit
 */
record ScanSelection(List<ManifestEntry> files, int withoutMatch, OptionalLong limit) {

  /**
   * The first of {@code files} that have {@code limit} rows together; all when a number of rows is
   * unknown.
   */
  static List<ManifestEntry> enough(
      List<ManifestEntry> files, Function<ManifestEntry, OptionalLong> rows, OptionalLong limit) {
    if (limit.isEmpty()) {
      return files;
    }
    long sum = 0;
    for (int i = 0; i < files.size(); i++) {
      OptionalLong more = rows.apply(files.get(i));
      if (more.isEmpty() || sum >= limit.getAsLong()) {
        return more.isEmpty() ? files : files.subList(0, i);
      }
      sum = Math.addExact(sum, more.getAsLong());
    }
    return files;
  }
}
