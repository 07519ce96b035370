// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import org.jspecify.annotations.Nullable;

/** A text that an {@link OptionType} does not accept; the message is the rule, "must be …". */
final class Mismatch extends Exception {
  private static final long serialVersionUID = 1L;

  Mismatch(String rule) {
    this(rule, null);
  }

  Mismatch(String rule, @Nullable Throwable cause) {
    super(rule, cause);
  }
}
