// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import org.jspecify.annotations.Nullable;

/** The named bucket does not exist at the endpoint. */
@Internal
public final class BucketNotFound extends StoreException {

  /**
   * @param message one line: what could not be done, to what, why, what to do
   */
  public BucketNotFound(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public BucketNotFound(String message) {
    this(message, null);
  }
}
