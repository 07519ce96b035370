// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.store.ObjectLocation;
import java.util.Objects;

/**
 * One object that a task has stored completely. It travels in the task's commit message; no reader
 * sees the object until a manifest names it. Immutable.
 *
 * @param location has a nonce of the writer, so no other writer uses it
 * @param lengthBytes stored bytes, 0 or more
 * @param etag of the response, without quotes
 * @param rows that were encoded into the object, at least 1: a writer without rows stores nothing
 * @param facts its partition and statistics
 */
record WrittenObject(
    ObjectLocation location, long lengthBytes, String etag, long rows, FileFacts facts)
    implements TaskObject {
  private static final long serialVersionUID = 1L;

  /** An object of which no more is known. */
  WrittenObject(ObjectLocation location, long lengthBytes, String etag, long rows) {
    this(location, lengthBytes, etag, rows, FileFacts.NONE);
  }

  WrittenObject {
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(etag, "etag");
    if (lengthBytes < 0 || rows < 1) {
      throw new IllegalArgumentException(
          "lengthBytes " + lengthBytes + ", rows " + rows + " of " + location);
    }
  }
}
