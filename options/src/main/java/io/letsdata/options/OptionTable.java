// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.List;
import java.util.stream.Collectors;

/** Options as a markdown table {@code key | default | what it does}. Pure. */
@Internal
public final class OptionTable {
  private OptionTable() {}

  /** A row for each option that a user may set, in the order of the set; ends with a line feed. */
  public static String markdown(OptionSet options) {
    return "| key | default | what it does |\n|---|---|---|\n" + rows(options.options());
  }

  private static String rows(List<Option<?>> options) {
    return options.stream()
        .map(Option::declaration)
        .filter(option -> !option.hidden())
        .map(OptionTable::row)
        .collect(Collectors.joining());
  }

  private static String row(Declaration option) {
    return "| `"
        + option.key()
        + "` | "
        + cell(option.defaultText())
        + " | "
        + cell(meaning(option))
        + " |\n";
  }

  private static String meaning(Declaration option) {
    StringBuilder text = new StringBuilder(option.description());
    if (!option.allowed().isEmpty()) {
      text.append(" Allowed: ").append(option.allowed()).append('.');
    }
    if (option.scope() == OptionScope.SESSION_OR_OPTION) {
      text.append(" Also with `.option(…)`.");
    }
    if (!option.formerKeys().isEmpty()) {
      text.append(" Formerly `").append(String.join("`, `", option.formerKeys())).append("`.");
    }
    return text.toString();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
