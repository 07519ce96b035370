// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import org.jspecify.annotations.Nullable;

/**
 * The response to a conditional write was lost: the store may have done it, or may still do it. The
 * caller reads the object back and compares its identity before any other step, and deletes
 * nothing.
 */
@Evolving
public final class OutcomeUnknown extends StoreException {

  /**
   * @param message one line: {@code Cannot <do> <object>: <why>. <remedy>.}
   */
  public OutcomeUnknown(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public OutcomeUnknown(String message) {
    this(message, null);
  }
}
