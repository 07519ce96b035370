// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import org.jspecify.annotations.Nullable;

/**
 * A body delivered fewer or more bytes than promised. The bytes that were read before are valid;
 * the caller reads the rest again.
 */
@Evolving
public final class BodyTruncated extends StoreException {

  /**
   * @param message one line: {@code Cannot <do> <object>: <why>. <remedy>.}
   */
  public BodyTruncated(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public BodyTruncated(String message) {
    this(message, null);
  }
}
