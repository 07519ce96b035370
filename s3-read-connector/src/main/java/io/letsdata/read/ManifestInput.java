// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ObjectFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/**
 * The input of one read, as its manifest states it. Immutable.
 *
 * @param name of the manifest, for messages
 * @param files entries of the manifest; one partition each
 * @param schema of the rows, when the manifest states it
 * @param options of the format from the manifest; the user's options have precedence
 */
record ManifestInput(
    String name,
    List<ManifestEntry> files,
    Optional<ObjectFormat> format,
    Optional<StructType> schema,
    Map<String, String> options) {

  ManifestInput {
    files = List.copyOf(files);
    options = Map.copyOf(options);
  }

  /** Whether keys are all that is known. A snapshot states its format. */
  boolean isList() {
    return format.isEmpty();
  }
}
