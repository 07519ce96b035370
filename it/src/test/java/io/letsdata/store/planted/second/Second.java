// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.planted.second;

import io.letsdata.store.planted.first.First;

/** A planted breach: two packages that use each other. */
public final class Second {
  /** Uses the other package. */
  public First other() {
    return new First();
  }
}
