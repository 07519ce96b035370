// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import io.letsdata.options.Printable;
import java.io.IOException;

/**
 * The bytes do not follow SPEC.md: they are clipped, damaged, of an unknown version, or of another
 * kind.
 */
@Internal
public final class ShuffleFormatException extends IOException {
  public ShuffleFormatException(String message) {
    super(Printable.text(message));
  }
}
