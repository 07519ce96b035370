// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import org.apache.spark.sql.SaveMode;

/** What a job does about versions that were committed before its own. */
enum WriteMode {
  /** The new version holds the earlier files and then the job's. */
  APPEND,
  /** The new version holds the job's files only; earlier versions stay readable. */
  OVERWRITE,
  /** The job commits the first version or fails. */
  ERROR_IF_EXISTS,
  /** The job commits the first version or nothing, and succeeds in both cases. */
  IGNORE;

  static WriteMode of(SaveMode mode) {
    return switch (mode) {
      case Append -> APPEND;
      case Overwrite -> OVERWRITE;
      case ErrorIfExists -> ERROR_IF_EXISTS;
      case Ignore -> IGNORE;
    };
  }

  /** Whether the job can be committed on top of an earlier version. */
  boolean buildsOnOthers() {
    return this == APPEND || this == OVERWRITE;
  }
}
