// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.planted;

import io.letsdata.options.Internal;
import io.letsdata.options.Public;

/** A planted breach: a public type whose signature names an internal one. */
@Public
public final class NamesInternal {
  /** Not for users. */
  @Internal
  public static final class Inside {}

  /** Names an internal type. */
  public Inside inside() {
    return new Inside();
  }
}
