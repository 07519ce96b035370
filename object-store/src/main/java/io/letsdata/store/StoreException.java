// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The store did not do what was asked. The subclasses say what callers can act upon; this class
 * itself is used for refusals that only a person can act upon.
 */
@Internal
public class StoreException extends IOException {

  /**
   * @param message one line: what could not be done, to what, why, what to do
   */
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, for a refusal without a cause. */
  public StoreException(String message) {
    this(message, null);
  }
}
