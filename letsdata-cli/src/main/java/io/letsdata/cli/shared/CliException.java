// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.shared;

import io.letsdata.options.Internal;
import io.letsdata.options.Printable;

/** A failure whose message is all that a user needs; shown as one line, exit code 1. */
@Internal
public final class CliException extends RuntimeException {
  public CliException(String message) {
    super(Printable.text(message));
  }

  public CliException(String message, Throwable cause) {
    super(Printable.text(message), cause);
  }
}
