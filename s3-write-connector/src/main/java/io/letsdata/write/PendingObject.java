// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.store.MultipartHandle;
import io.letsdata.store.ObjectLocation;
import java.util.Objects;

/**
 * One object whose parts are all uploaded; no reader sees it until the upload is completed.
 * Immutable.
 *
 * @param upload to complete or to abort
 * @param lengthBytes length of the completed object
 * @param rows in it, at least 1
 * @param facts its partition and statistics
 */
record PendingObject(MultipartHandle upload, long lengthBytes, long rows, FileFacts facts)
    implements TaskObject {
  private static final long serialVersionUID = 1L;

  /** An object of which no more is known. */
  PendingObject(MultipartHandle upload, long lengthBytes, long rows) {
    this(upload, lengthBytes, rows, FileFacts.NONE);
  }

  PendingObject {
    Objects.requireNonNull(upload, "upload");
    if (lengthBytes < 0 || rows < 1) {
      throw new IllegalArgumentException(
          "lengthBytes " + lengthBytes + ", rows " + rows + " of " + upload.location());
    }
  }

  @Override
  public ObjectLocation location() {
    return upload.location();
  }
}
