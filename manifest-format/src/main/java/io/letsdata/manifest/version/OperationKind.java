// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;
import java.util.Arrays;
import java.util.Locale;

/** The effect of a commit on the version before it. */
@Internal
public enum OperationKind {
  /** The files of the version before, then those of the job. */
  APPEND,
  /** The first version of an output. */
  CREATE,
  /** Only the job's files; also the schema, the options and the properties are the job's. */
  OVERWRITE,
  /** The files of some partitions are replaced by the job's. */
  OVERWRITE_PARTITIONS,
  /** The files of some partitions are removed. */
  DELETE_PARTITIONS,
  /** Some files are replaced by others with the same rows. */
  COMPACT,
  /** The files, schema, options and properties of an earlier version. */
  ROLLBACK,
  /** Another schema or other properties; the same files. */
  ALTER;

  /** The name in a manifest, such as {@code overwrite-partitions}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the commit leaves the rows of the version before as they are. */
  public boolean keepsRows() {
    return this == COMPACT || this == ALTER;
  }

  /**
   * The operation with this name.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  public static OperationKind parse(String text) {
    for (OperationKind kind : values()) {
      if (kind.text().equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "operation '%s' is not one of %s"
            .formatted(
                text,
                String.join(", ", Arrays.stream(values()).map(OperationKind::text).toList())));
  }
}
