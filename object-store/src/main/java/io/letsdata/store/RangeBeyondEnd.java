// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import org.jspecify.annotations.Nullable;

/** The range begins at or after the object's end. */
@Evolving
public final class RangeBeyondEnd extends StoreException {

  public RangeBeyondEnd(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
