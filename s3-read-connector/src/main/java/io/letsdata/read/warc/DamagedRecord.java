// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import io.letsdata.options.Internal;
import io.letsdata.options.Printable;
import java.io.IOException;

/**
 * The bytes of an object are not what the format requires, at a place that the message names. A
 * failure of the store is another exception.
 */
@Internal
public final class DamagedRecord extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean framed;

  private DamagedRecord(String message, boolean framed) {
    super(Printable.text(message));
    this.framed = framed;
  }

  /** Damage after which it is unknown where the next record begins. */
  static DamagedRecord at(String message) {
    return new DamagedRecord(message, false);
  }

  /** A record that cannot be read although its end is known. */
  static DamagedRecord framed(String message) {
    return new DamagedRecord(message, true);
  }

  /** Whether the end of the record is known. */
  public boolean isFramed() {
    return framed;
  }
}
