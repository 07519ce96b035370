// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.regex.Pattern;

/** Keeps user and password of a URL out of messages. */
@Internal
public final class UrlIdentity {
  /** Up to the last @: a password that is not encoded may contain a slash. */
  private static final Pattern IDENTITY = Pattern.compile("//\\S*@");

  private UrlIdentity() {}

  /** The text for a message: {@code //***@} in place of everything between {@code //} and @. */
  public static String hidden(String text) {
    return IDENTITY.matcher(text).replaceAll("//***@");
  }
}
