// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.io.IOException;

/**
 * An upload in parts that no reader sees until it is completed. Thread-safe: parts may be stored at
 * the same time.
 *
 * <p>The starter completes or aborts it, here or through its {@link #handle} in another process.
 * Parts of an upload that is neither are stored, and cost money, until a lifecycle rule removes
 * them.
 */
@Evolving
public interface MultipartUpload {

  /** Where the object will be. */
  ObjectLocation location();

  /** A snapshot of the parts stored so far, to finish the upload elsewhere. No request. */
  MultipartHandle handle();

  /**
   * Stores one part; a part stored before under the same number is replaced. One PUT.
   *
   * @param number 1 to 10,000; the object is the parts in this order, gaps allowed
   * @param content at least 5 MiB unless it is the last part (S3 refuses completion otherwise)
   */
  PartEtag uploadPart(int number, ObjectContent content) throws IOException;

  /** {@link ObjectStore#completeMultipart} with the parts stored so far. */
  String complete() throws IOException;

  /** {@link ObjectStore#completeMultipartIfAbsent} with the parts stored so far. */
  boolean completeIfAbsent() throws IOException;

  /** {@link ObjectStore#abortMultipart} of this upload. */
  void abort() throws IOException;
}
