// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A body delivered fewer or more bytes than promised. What was read before is good; read the rest
 * again.
 */
@Internal
public final class BodyTruncated extends StoreException {

  /**
   * @param message one line: what could not be done, to what, why, what to do
   */
  public BodyTruncated(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public BodyTruncated(String message) {
    this(message, null);
  }
}
