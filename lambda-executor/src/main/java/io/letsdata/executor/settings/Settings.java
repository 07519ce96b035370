// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses values of settings; every error names key, value and range. Pure. */
final class Settings {
  private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})\\s*([a-z]*)");

  private Settings() {}

  static long number(String key, Optional<String> value, long absent, long min, long max) {
    if (value.isEmpty()) {
      return absent;
    }
    long number;
    try {
      number = Long.parseLong(value.get().trim());
    } catch (NumberFormatException e) {
      throw outOfRange(key, value.get(), min, max);
    }
    if (number < min || number > max) {
      throw outOfRange(key, value.get(), min, max);
    }
    return number;
  }

  static boolean flag(String key, Optional<String> value, boolean absent) {
    if (value.isEmpty()) {
      return absent;
    }
    return switch (value.get().trim().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new InvalidSetting(
              "Invalid value for " + key + ": '" + value.get() + "' (must be true or false)");
    };
  }

  /** Plain numbers are bytes; {@code k}, {@code m} and {@code g} are powers of 1024. */
  static long bytes(String key, Optional<String> value, long absent, long min, long max) {
    if (value.isEmpty()) {
      return absent;
    }
    Matcher m = QUANTITY.matcher(value.get().trim().toLowerCase(Locale.ROOT));
    if (!m.matches()) {
      throw outOfRange(key, value.get(), min, max);
    }
    long factor =
        switch (m.group(2)) {
          case "", "b" -> 1L;
          case "k", "kb" -> 1L << 10;
          case "m", "mb" -> 1L << 20;
          case "g", "gb" -> 1L << 30;
          default -> throw outOfRange(key, value.get(), min, max);
        };
    long number = Long.parseLong(m.group(1));
    if (number > max / factor || number * factor < min) {
      throw outOfRange(key, value.get(), min, max);
    }
    return number * factor;
  }

  /** {@code 250ms}, {@code 30s}, {@code 5m}; a unit is required. */
  static Duration duration(String key, Optional<String> value, Duration absent) {
    if (value.isEmpty()) {
      return absent;
    }
    Matcher m = QUANTITY.matcher(value.get().trim().toLowerCase(Locale.ROOT));
    if (m.matches()) {
      long number = Long.parseLong(m.group(1));
      Duration parsed =
          switch (m.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m", "min" -> Duration.ofMinutes(number);
            default -> null;
          };
      if (parsed != null) {
        return parsed;
      }
    }
    throw new InvalidSetting(
        "Invalid value for " + key + ": '" + value.get() + "' (must be like 250ms, 30s or 5m)");
  }

  static String nearest(String key, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String k) -> distance(key, k)).thenComparing(k -> k))
        .orElseThrow();
  }

  private static InvalidSetting outOfRange(String key, String value, long min, long max) {
    return new InvalidSetting(
        "Invalid value for "
            + key
            + ": '"
            + value
            + "' (must be between "
            + min
            + " and "
            + max
            + ")");
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substitution, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
