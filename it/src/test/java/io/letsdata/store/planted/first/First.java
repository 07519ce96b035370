// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.planted.first;

import io.letsdata.store.planted.second.Second;

/** A planted breach: two packages that use each other. */
public final class First {
  /** Uses the other package. */
  public Second other() {
    return new Second();
  }
}
