// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ManifestEntry;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The values that a job commits. Immutable.
 *
 * @param id unique to this job, and the id of its manifest: it alone identifies the job of a
 *     version
 * @param mode of the job, which decides about earlier versions
 * @param format name of the files' format, such as {@code parquet}
 * @param schemaJson Spark's JSON of the rows' StructType
 * @param options for readers of the files, such as {@code header}
 * @param layout of the output
 * @param files of all tasks, in partition order
 */
record JobOutput(
    String id,
    WriteMode mode,
    String format,
    String schemaJson,
    Map<String, String> options,
    Layout layout,
    List<ManifestEntry> files) {

  JobOutput {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(schemaJson, "schemaJson");
    Objects.requireNonNull(layout, "layout");
    options = Map.copyOf(options);
    files = List.copyOf(files);
  }

  /** The same job with other files. */
  JobOutput withFiles(List<ManifestEntry> newFiles) {
    return new JobOutput(id, mode, format, schemaJson, options, layout, newFiles);
  }
}
