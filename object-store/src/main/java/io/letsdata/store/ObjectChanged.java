// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import org.jspecify.annotations.Nullable;

/** The object is not the one that was asked for: its etag is another. */
@Internal
public final class ObjectChanged extends StoreException {

  /**
   * @param message one line: what could not be done, to what, why, what to do
   */
  public ObjectChanged(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public ObjectChanged(String message) {
    this(message, null);
  }
}
