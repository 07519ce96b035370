// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.options.Internal;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A word that only those who were given it know.
 *
 * @param text 40 hexadecimal digits, 160 random bits
 */
@Internal
public record AccessToken(String text) {
  private static final int BYTES = 20;

  /** A token that nobody can guess. */
  public static AccessToken random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new AccessToken(HexFormat.of().formatHex(bytes));
  }

  /** Whether the text is this token; takes the same time wherever the two differ. */
  public boolean matches(String other) {
    return MessageDigest.isEqual(text.getBytes(UTF_8), other.getBytes(UTF_8));
  }

  /** Without the token itself. */
  @Override
  public String toString() {
    return "AccessToken";
  }
}
