// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import org.jspecify.annotations.Nullable;

/** The store refused the identity, its signature or its permissions, or no identity was found. */
@Evolving
public final class AccessDenied extends StoreException {

  /**
   * @param message one line: {@code Cannot <do> <object>: <why>. <remedy>.}
   */
  public AccessDenied(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public AccessDenied(String message) {
    this(message, null);
  }
}
