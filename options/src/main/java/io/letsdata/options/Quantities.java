// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with and without a unit, from text and to text. Empty for a text that is none. Pure. */
final class Quantities {
  // Twelve digits of any unit fit into a long and into a Duration.
  private static final Pattern QUANTITY = Pattern.compile("(\\d{1,12})\\s*([a-z]*)");
  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
  private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}([.]\\d{1,9})?");

  private Quantities() {}

  static Optional<Long> bytes(String text) {
    Matcher m = QUANTITY.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!m.matches()) {
      return Optional.empty();
    }
    int shift =
        switch (m.group(2)) {
          case "", "b" -> 0;
          case "k", "kb" -> 10;
          case "m", "mb" -> 20;
          case "g", "gb" -> 30;
          case "t", "tb" -> 40;
          default -> -1;
        };
    long number = Long.parseLong(m.group(1));
    return shift < 0 || number > Long.MAX_VALUE >> shift
        ? Optional.empty()
        : Optional.of(number << shift);
  }

  /** In the largest unit that needs no fraction: {@code 1536k}, {@code 8m}. */
  static String bytesText(long bytes) {
    String units = "kmgt";
    long number = bytes;
    int unit = 0;
    while (unit < units.length() && number > 0 && number % 1024 == 0) {
      number /= 1024;
      unit++;
    }
    return number + (unit == 0 ? "" : units.substring(unit - 1, unit));
  }

  static Optional<Duration> duration(String text) {
    Matcher m = QUANTITY.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!m.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "ms" -> Optional.of(Duration.ofMillis(number));
      case "s" -> Optional.of(Duration.ofSeconds(number));
      case "m", "min" -> Optional.of(Duration.ofMinutes(number));
      case "h" -> Optional.of(Duration.ofHours(number));
      case "d" -> Optional.of(Duration.ofDays(number));
      default -> Optional.empty();
    };
  }

  /** In the largest unit that needs no fraction, milliseconds at the least: {@code 90s}. */
  static String durationText(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 60 != 0) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes % 60 != 0) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    return hours % 24 == 0 ? hours / 24 + "d" : hours + "h";
  }

  static Optional<Long> whole(String text) {
    return WHOLE.matcher(text.strip()).matches()
        ? Optional.of(Long.parseLong(text.strip()))
        : Optional.empty();
  }

  static Optional<Double> decimal(String text) {
    return DECIMAL.matcher(text.strip()).matches()
        ? Optional.of(Double.parseDouble(text.strip()))
        : Optional.empty();
  }

  /** Without exponent and without trailing zeros: {@code 0.1}, {@code 1}. */
  static String decimalText(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
