// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.time.Instant;
import java.util.List;

/**
 * An upload in parts that was neither completed nor aborted when it was listed. Its parts are
 * stored, and cost money, until one of the two happens.
 *
 * @param location of the object that it would become
 * @param uploadId as the store issued it
 * @param started by the store's clock
 */
@Evolving
public record ListedUpload(ObjectLocation location, String uploadId, Instant started) {

  /**
   * The argument for {@link ObjectStore#abortMultipart}. It names no part, so it cannot complete
   * the upload.
   */
  public MultipartHandle handle() {
    return new MultipartHandle(location, uploadId, List.of());
  }
}
