// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The store could not be reached or kept refusing for as long as is worth waiting. A plain put that
 * ends so may have been stored.
 */
@Internal
public final class StoreUnavailable extends StoreException {

  /**
   * @param message one line: what could not be done, to what, why, what to do
   */
  public StoreUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public StoreUnavailable(String message) {
    this(message, null);
  }
}
