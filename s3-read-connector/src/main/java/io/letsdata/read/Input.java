// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ObjectFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.types.StructType;

/**
 * What one read is about, as far as its manifest says. Immutable.
 *
 * @param name of the manifest, for messages
 * @param files one partition each
 * @param schema that the manifest states
 * @param options that the manifest states; the user's win
 */
record Input(
    String name,
    List<ManifestEntry> files,
    Optional<ObjectFormat> format,
    Optional<StructType> schema,
    Map<String, String> options) {

  Input {
    files = List.copyOf(files);
    options = Map.copyOf(options);
  }

  /** Sum of the lengths; empty when one is unknown. */
  OptionalLong totalBytes() {
    return sum(files.stream().map(ManifestEntry::lengthBytes).toList());
  }

  /** Sum of the rows; empty when one is unknown. */
  OptionalLong totalRows() {
    return sum(files.stream().map(ManifestEntry::rows).toList());
  }

  private static OptionalLong sum(List<OptionalLong> values) {
    return values.stream().allMatch(OptionalLong::isPresent)
        ? OptionalLong.of(values.stream().mapToLong(OptionalLong::getAsLong).sum())
        : OptionalLong.empty();
  }
}
