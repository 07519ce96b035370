// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Printable;
import io.letsdata.options.Public;
import java.io.IOException;

/**
 * A manifest that cannot be used, or bytes that are not a manifest. The message is one line; it
 * names the source, the line, column or byte, and the remedy, which is up to the user.
 */
@Public
public final class ManifestException extends IOException {
  private static final long serialVersionUID = 1L;

  public ManifestException(String message) {
    super(Printable.text(message));
  }

  public ManifestException(String message, Throwable cause) {
    super(Printable.text(message), cause);
  }

  static ManifestException unreadable(String sourceName, String why) {
    return new ManifestException("Cannot read manifest " + sourceName + ": " + why);
  }
}
