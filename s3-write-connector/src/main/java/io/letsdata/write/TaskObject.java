// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.store.ObjectLocation;
import java.io.Serializable;

/**
 * One object of a task, as its commit message tells of it: stored, or uploaded and left to the job
 * to complete.
 */
sealed interface TaskObject extends Serializable permits WrittenObject, PendingObject {
  /** Where the object is or will be; nobody else writes there. */
  ObjectLocation location();

  /** Bytes of the object. */
  long lengthBytes();

  /** Rows in the object, at least 1. */
  long rows();
}
