// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import org.jspecify.annotations.Nullable;

/** No object under this key. The bucket exists. */
@Internal
public final class ObjectNotFound extends StoreException {

  /**
   * @param message one line: what could not be done, to what, why, what to do
   */
  public ObjectNotFound(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public ObjectNotFound(String message) {
    this(message, null);
  }
}
