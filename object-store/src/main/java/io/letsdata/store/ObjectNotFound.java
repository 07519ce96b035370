// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import org.jspecify.annotations.Nullable;

/** No object is stored under this key. The bucket exists. */
@Evolving
public final class ObjectNotFound extends StoreException {

  /**
   * @param message one line: {@code Cannot <do> <object>: <why>. <remedy>.}
   */
  public ObjectNotFound(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public ObjectNotFound(String message) {
    this(message, null);
  }
}
