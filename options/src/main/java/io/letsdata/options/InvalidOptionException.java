// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

/** An option whose key is unknown, or whose value is not allowed. */
@Public
public final class InvalidOptionException extends UserErrorException {
  private static final long serialVersionUID = 1L;

  private final String key;

  InvalidOptionException(String key, String message) {
    super(message);
    this.key = key;
  }

  /** {@code Invalid value for <key>: '<value>' (<rule>)}, without the identity in a URL. */
  static InvalidOptionException ofValue(Declaration option, String value, Mismatch mismatch) {
    InvalidOptionException error =
        new InvalidOptionException(
            option.key(),
            "Invalid value for "
                + option.label()
                + ": '"
                + UrlIdentity.hidden(value)
                + "' ("
                + mismatch.getMessage()
                + ")");
    if (mismatch.getCause() != null) {
      error.initCause(mismatch.getCause());
    }
    return error;
  }

  /** The key as it is declared, or as the user wrote it when it is unknown. */
  public String key() {
    return key;
  }
}
