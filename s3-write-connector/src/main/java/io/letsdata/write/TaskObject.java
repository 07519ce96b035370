// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.store.ObjectLocation;
import java.io.Serializable;

/**
 * One object in the commit message of a task: stored, or uploaded and to be completed by the job.
 */
sealed interface TaskObject extends Serializable permits WrittenObject, PendingObject {
  /** The location of the object; no other writer uses it. */
  ObjectLocation location();

  /** Bytes of the object. */
  long lengthBytes();

  /** Rows in the object, at least 1. */
  long rows();

  /** Its partition and statistics. */
  FileFacts facts();
}
