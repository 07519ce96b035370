// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;
import java.io.IOException;

/**
 * A manifest that cannot be used, or bytes that are no manifest. The message is one line, names the
 * source and the line, column or byte, and says what to do; it is the user's to fix.
 */
@Internal
public final class ManifestException extends IOException {
  private static final long serialVersionUID = 1L;

  public ManifestException(String message) {
    super(message);
  }

  public ManifestException(String message, Throwable cause) {
    super(message, cause);
  }

  static ManifestException unreadable(String sourceName, String why) {
    return new ManifestException("Cannot read manifest " + sourceName + ": " + why);
  }
}
