// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import io.letsdata.options.Printable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The store did not do what was requested. A subclass stands for each case that a caller can
 * handle; this class itself is for refusals that only a person can handle.
 */
@Evolving
public class StoreException extends IOException {

  /**
   * @param message one line: {@code Cannot <do> <object>: <why>. <remedy>.}
   */
  public StoreException(String message, @Nullable Throwable cause) {
    super(Printable.text(message), cause);
  }

  /** As above, without a cause. */
  public StoreException(String message) {
    this(message, null);
  }
}
