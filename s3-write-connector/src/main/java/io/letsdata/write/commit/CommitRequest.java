// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.commit;

import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.version.TableState;
import io.letsdata.options.Internal;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The values that a job commits. Immutable.
 *
 * @param id unique to this job, and the id of its manifest: it alone identifies the job of a
 *     version
 * @param operation effect on the version below
 * @param origin author, and by what a replay is recognized
 * @param format name of the files' format, such as {@code parquet}
 * @param schemaJson Spark's JSON of the rows' StructType, with the partition columns
 * @param options for readers of the files, such as {@code header}
 * @param layout of the output
 * @param table partition columns and properties
 * @param files of all tasks, in partition order
 */
@Internal
public record CommitRequest(
    String id,
    Operation operation,
    CommitOrigin origin,
    String format,
    String schemaJson,
    Map<String, String> options,
    Layout layout,
    TableState table,
    List<ManifestEntry> files) {

  public CommitRequest {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(schemaJson, "schemaJson");
    Objects.requireNonNull(layout, "layout");
    Objects.requireNonNull(table, "table");
    options = Map.copyOf(options);
    files = List.copyOf(files);
  }

  /** The same job with other files. */
  public CommitRequest withFiles(List<ManifestEntry> newFiles) {
    return new CommitRequest(
        id, operation, origin, format, schemaJson, options, layout, table, newFiles);
  }

  /** The same job with another operation. */
  public CommitRequest with(Operation newOperation) {
    return new CommitRequest(
        id, newOperation, origin, format, schemaJson, options, layout, table, files);
  }
}
