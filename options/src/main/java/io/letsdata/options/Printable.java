// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text of others, such as the name of an object or the log of a function, made fit for a message.
 * Control characters could move a terminal's cursor, change what was printed before, or begin what
 * looks like a line of the log of somebody else. Stateless.
 */
@Internal
public final class Printable {
  /**
   * Control characters but tab and line feed, and those that change the direction of a line
   * (Unicode 15, "Bidirectional Character Types": embeddings, overrides, isolates).
   */
  private static final Pattern UNFIT =
      Pattern.compile("[\\p{Cntrl}\u0080-\u009f\u202a-\u202e\u2066-\u2069&&[^\t\n]]");

  private static final Pattern LINE_END = Pattern.compile("\r\n?");

  private Printable() {}

  /**
   * The text with its lines: each control character but tab and line feed is shown as its code,
   * such as {@code \u001b}, and carriage returns end a line. Text without them is returned as it
   * is; null stays null.
   */
  public static @Nullable String text(@Nullable String text) {
    return text == null || !UNFIT.matcher(text).find() ? text : escaped(text);
  }

  private static String escaped(String text) {
    return UNFIT
        .matcher(LINE_END.matcher(text).replaceAll("\n"))
        .replaceAll(
            found -> String.format(Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0)));
  }
}
