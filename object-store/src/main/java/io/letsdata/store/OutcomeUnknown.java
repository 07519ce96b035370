// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a conditional write was lost: it may have happened, or may still happen. Read the
 * object back and compare its identity before doing anything else; delete nothing.
 */
@Internal
public final class OutcomeUnknown extends StoreException {

  /**
   * @param message one line: what could not be done, to what, why, what to do
   */
  public OutcomeUnknown(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public OutcomeUnknown(String message) {
    this(message, null);
  }
}
