// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.io.IOException;

/**
 * An upload in parts that is visible to nobody until it is completed. Thread-safe: parts may be
 * stored at the same time.
 *
 * <p>Whoever started it completes or aborts it, here or through its {@link #handle} in another
 * process; parts of an upload that is neither are stored, and paid for, until a lifecycle rule
 * removes them.
 */
@Internal
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

  /** {@link ObjectStore#completeMultipart} of what has been stored. */
  String complete() throws IOException;

  /** {@link ObjectStore#completeMultipartIfAbsent} of what has been stored. */
  boolean completeIfAbsent() throws IOException;

  /** {@link ObjectStore#abortMultipart} of this upload. */
  void abort() throws IOException;
}
