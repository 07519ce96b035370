// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import org.jspecify.annotations.Nullable;

/** The store refused the identity, its signature or its rights, or no identity was found. */
@Internal
public final class AccessDenied extends StoreException {

  /**
   * @param message one line: what could not be done, to what, why, what to do
   */
  public AccessDenied(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public AccessDenied(String message) {
    this(message, null);
  }
}
