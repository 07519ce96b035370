// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Options of readers with one spelling for one meaning, so that an append is compared by what its
 * options do. An option that is at Spark's default, that shapes only the bytes of one object, or
 * that is about a type of which the job has no column is left out (CSVOptions, JSONOptions, 3.5.9).
 * Pure.
 */
final class OptionMeaning {
  private static final Map<String, String> FIRST_NAMES =
      Map.of("charset", "encoding", "delimiter", "sep");

  /** Those whose default is the same for Spark's reader and writer. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "encoding", "utf-8",
          "escape", "\\",
          "header", "false",
          "multiLine", "false",
          "nullValue", "",
          "quote", "\"",
          "sep", ",",
          "wholetext", "false");

  private static final List<String> OF_ONE_OBJECT =
      List.of(
          "escapeQuotes",
          "ignoreNullFields",
          "pretty",
          "quoteAll",
          "writeNonAsciiCharacterAsCodePoint");

  private OptionMeaning() {}

  /**
   * The options that matter.
   *
   * @param schemaJson of the job's rows
   */
  static Map<String, String> of(Map<String, String> options, String schemaJson) {
    Map<String, String> meaning = new TreeMap<>();
    options.forEach(
        (name, value) -> {
          String first = FIRST_NAMES.getOrDefault(name, name);
          String same = value(first, value);
          boolean second = !first.equals(name) && options.containsKey(first);
          if (!second
              && !OF_ONE_OBJECT.contains(first)
              && !same.equals(DEFAULTS.get(first))
              && hasType(first, schemaJson)) {
            meaning.put(first, same);
          }
        });
    return meaning;
  }

  private static String value(String name, String value) {
    if (name.equals("encoding")) {
      return charset(value);
    }
    String lower = value.toLowerCase(Locale.ROOT);
    return lower.equals("true") || lower.equals("false") ? lower : value;
  }

  private static String charset(String name) {
    try {
      return Charset.forName(name).name().toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }

  private static boolean hasType(String name, String schemaJson) {
    return switch (name) {
      case "dateFormat" -> schemaJson.contains("\"date\"");
      case "timestampFormat" -> schemaJson.contains("\"timestamp\"");
      case "timestampNTZFormat" -> schemaJson.contains("\"timestamp_ntz\"");
      default -> true;
    };
  }
}
