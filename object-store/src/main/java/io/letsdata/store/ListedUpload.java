// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.time.Instant;
import java.util.List;

/**
 * An upload in parts that was neither completed nor aborted when it was listed. Its parts are
 * stored, and paid for, until one of the two happens.
 *
 * @param location what it would become
 * @param uploadId as the store named it
 * @param started by the store's clock
 */
@Internal
public record ListedUpload(ObjectLocation location, String uploadId, Instant started) {

  /** What {@link ObjectStore#abortMultipart} takes. */
  public MultipartHandle handle() {
    return new MultipartHandle(location, uploadId, List.of());
  }
}
