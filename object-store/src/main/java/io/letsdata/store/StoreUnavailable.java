// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import org.jspecify.annotations.Nullable;

/**
 * The store could not be reached, or it refused every attempt within the time limit. The object of
 * a plain put may have been stored all the same.
 */
@Evolving
public final class StoreUnavailable extends StoreException {

  /**
   * @param message one line: {@code Cannot <do> <object>: <why>. <remedy>.}
   */
  public StoreUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public StoreUnavailable(String message) {
    this(message, null);
  }
}
