// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import org.jspecify.annotations.Nullable;

/** The upload does not have the parts that its completion names, or they make no object. */
@Evolving
public final class PartsRefused extends StoreException {

  public PartsRefused(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
