// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import io.letsdata.options.UserErrorException;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits the value of {@code spark.driver.extraJavaOptions} into flags as Spark's launcher does
 * (CommandBuilderUtils.parseOptionString, 3.5.9). Stateless.
 */
final class FlagSplitter {
  private FlagSplitter() {}

  /**
   * Splits at white space outside quotes. A backslash outside single quotes takes the next
   * character as it is. Example: {@code -Da="b c" -Dd} is {@code [-Da=b c, -Dd]}.
   *
   * @param setting named in the error; the value may be a secret and is not
   * @throws UserErrorException when a quote or a backslash is open at the end
   */
  static List<String> of(String setting, String value) {
    List<String> flags = new ArrayList<>();
    StringBuilder flag = null;
    char quote = 0;
    boolean escaped = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (quote == 0 && !escaped && Character.isWhitespace(c)) {
        if (flag != null) {
          flags.add(flag.toString());
          flag = null;
        }
        continue;
      }
      if (flag == null) {
        flag = new StringBuilder();
      }
      if (escaped) {
        flag.append(c);
        escaped = false;
      } else if (c == '\\' && quote != '\'') {
        escaped = true;
      } else if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else {
        flag.append(c);
      }
    }
    if (quote != 0 || escaped) {
      throw new UserErrorException(
          "Cannot start the driver: "
              + setting
              + " ends inside a quote or after a backslash. Close the quote.");
    }
    if (flag != null) {
      flags.add(flag.toString());
    }
    return flags;
  }
}
