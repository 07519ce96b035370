// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.write.commit.Operation;
import org.apache.spark.sql.SaveMode;

/** The effect of a job on the versions that were committed before. */
enum WriteMode {
  /** The new version has the earlier files and then those of the job. */
  APPEND,
  /** The new version has only the job's files; earlier versions stay readable. */
  OVERWRITE,
  /** The job commits the first version or fails. */
  ERROR_IF_EXISTS,
  /** The job commits the first version or no version, and succeeds in both cases. */
  IGNORE;

  static WriteMode of(SaveMode mode) {
    return switch (mode) {
      case Append -> APPEND;
      case Overwrite -> OVERWRITE;
      case ErrorIfExists -> ERROR_IF_EXISTS;
      case Ignore -> IGNORE;
    };
  }

  /** The operation of a job with this mode. */
  Operation operation() {
    return switch (this) {
      case APPEND -> new Operation.Append();
      case OVERWRITE -> new Operation.Overwrite(/* exclusive= */ false);
      case ERROR_IF_EXISTS -> new Operation.Create(/* keepsEarlier= */ false);
      case IGNORE -> new Operation.Create(/* keepsEarlier= */ true);
    };
  }
}
