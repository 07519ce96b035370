// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import org.jspecify.annotations.Nullable;

/** The named bucket does not exist at the endpoint. */
@Evolving
public final class BucketNotFound extends StoreException {

  /**
   * @param message one line: {@code Cannot <do> <object>: <why>. <remedy>.}
   */
  public BucketNotFound(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public BucketNotFound(String message) {
    this(message, null);
  }
}
