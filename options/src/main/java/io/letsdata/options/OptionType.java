// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The grammar of an option's values. There is one grammar for all modules; letters may be of either
 * case, and white space around a value does not count.
 *
 * <table>
 * <caption>The grammar</caption>
 * <tr><th>type</th><th>examples</th></tr>
 * <tr><td>{@link #bytes}</td><td>{@code 8m}, {@code 64k}, {@code 1g}, {@code 4096} (bytes); powers
 * of 1024</td></tr>
 * <tr><td>{@link #duration}</td><td>{@code 250ms}, {@code 30s}, {@code 5m}; the unit is required
 * </td></tr>
 * <tr><td>{@link #integer}, {@link #whole}</td><td>{@code 8}</td></tr>
 * <tr><td>{@link #decimal}</td><td>{@code 0.01}; no exponent</td></tr>
 * <tr><td>{@link #flag}</td><td>{@code true}, {@code false}</td></tr>
 * <tr><td>{@link #oneOf}</td><td>an enum's constants in kebab case: {@code LOCAL_STACK} is {@code
 * local-stack}</td></tr>
 * <tr><td>{@link #endpoint}</td><td>{@code http://host:port}, {@code https://host}</td></tr>
 * <tr><td>{@link #text}, {@link #textOrNothing}, {@link #matching}</td><td>free text, or text of one pattern</td></tr>
 * <tr><td>{@link #parsed}</td><td>a value of another module, such as a location</td></tr>
 * </table>
 *
 * <p>Immutable.
 */
@Internal
public final class OptionType<T> {
  interface Parser<T> {
    T parse(String text) throws Mismatch;
  }

  private final Parser<T> parser;
  private final String allowed;

  private OptionType(Parser<T> parser, String allowed) {
    this.parser = parser;
    this.allowed = allowed;
  }

  /**
   * A number of bytes.
   *
   * @param min at least 0
   * @param max at least {@code min}; both are allowed
   */
  public static OptionType<Long> bytes(long min, long max) {
    String range = Quantities.bytesText(min) + " to " + Quantities.bytesText(max);
    String rule = "must be between " + min + " and " + max + " bytes: " + range;
    return new OptionType<>(
        text ->
            inRange(
                Quantities.bytes(text)
                    .orElseThrow(() -> new Mismatch("must be a size, such as 8m")),
                min,
                max,
                rule),
        range);
  }

  /**
   * A time with its unit: {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}.
   *
   * @param min at least zero
   * @param max at least {@code min}; both are allowed
   */
  public static OptionType<Duration> duration(Duration min, Duration max) {
    String least = Quantities.durationText(min);
    String most = Quantities.durationText(max);
    String rule = "must be between " + least + " and " + most;
    return new OptionType<>(
        text ->
            inRange(
                Quantities.duration(text)
                    .orElseThrow(() -> new Mismatch("must be like 250ms, 30s or 5m")),
                min,
                max,
                rule),
        least + " to " + most);
  }

  /** A whole number of at least {@code min} and at most {@code max}. */
  public static OptionType<Integer> integer(int min, int max) {
    OptionType<Long> whole = whole(min, max);
    return new OptionType<>(text -> Math.toIntExact(whole.parse(text)), whole.allowed);
  }

  /** A whole number of at least {@code min}; {@link Long#MAX_VALUE} as {@code max} is no limit. */
  public static OptionType<Long> whole(long min, long max) {
    boolean bounded = max < Long.MAX_VALUE;
    String rule =
        bounded
            ? "must be between " + min + " and " + max
            : "must be a whole number of at least " + min;
    return new OptionType<>(
        text ->
            inRange(Quantities.whole(text).orElseThrow(() -> new Mismatch(rule)), min, max, rule),
        bounded ? min + " to " + max : "from " + min);
  }

  /** A number with at most nine digits after the point, such as a share or a price. */
  public static OptionType<Double> decimal(double min, double max) {
    String least = Quantities.decimalText(min);
    String most = Quantities.decimalText(max);
    String rule = "must be between " + least + " and " + most;
    return new OptionType<>(
        text ->
            inRange(Quantities.decimal(text).orElseThrow(() -> new Mismatch(rule)), min, max, rule),
        least + " to " + most);
  }

  /** {@code true} or {@code false}. */
  public static OptionType<Boolean> flag() {
    return new OptionType<>(
        text ->
            switch (lower(text)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new Mismatch("must be true or false");
            },
        "true or false");
  }

  /** One of an enum's constants, by its name in lower case with {@code -} for {@code _}. */
  public static <E extends Enum<E>> OptionType<E> oneOf(Class<E> type) {
    return oneOf(type, Map.of());
  }

  /**
   * As above.
   *
   * @param remarks what the message has instead of the nearest name, by a text in lower case that
   *     is no constant and that users may try: {@code ; did you mean 'warc'?}
   */
  public static <E extends Enum<E>> OptionType<E> oneOf(
      Class<E> type, Map<String, String> remarks) {
    Map<E, String> texts = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      texts.put(constant, textOf(constant));
    }
    String names = Sentences.or(List.copyOf(texts.values()));
    return new OptionType<>(
        text -> {
          for (Map.Entry<E, String> entry : texts.entrySet()) {
            if (entry.getValue().equals(lower(text))) {
              return entry.getKey();
            }
          }
          String remark = remarks.get(lower(text));
          throw new Mismatch(
              "must be "
                  + names
                  + (remark == null ? NearestName.hint(text, texts.values()) : remark));
        },
        names);
  }

  /** The text that {@link #oneOf} reads as {@code constant}. */
  public static String textOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The address of a service, without user and password. */
  public static OptionType<URI> endpoint() {
    String rule = "must be http://host:port or https://host";
    return new OptionType<>(
        text -> {
          URI uri;
          try {
            uri = URI.create(text.strip());
          } catch (IllegalArgumentException e) {
            throw new Mismatch(rule); // its message would repeat an identity in the URL
          }
          boolean web =
              "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
          if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new Mismatch(rule);
          }
          return uri;
        },
        "");
  }

  /** Any text that is not blank, exactly as it is written. */
  public static OptionType<String> text() {
    return new OptionType<>(
        text -> {
          if (text.isBlank()) {
            throw new Mismatch("must not be blank");
          }
          return text;
        },
        "");
  }

  /** Any text exactly as it is written, the empty one included. */
  public static OptionType<String> textOrNothing() {
    return new OptionType<>(text -> text, "");
  }

  /**
   * Text that matches as a whole.
   *
   * @param rule of the pattern, for people: {@code must be a key's id, ARN or alias}
   */
  public static OptionType<String> matching(Pattern pattern, String rule) {
    return new OptionType<>(
        text -> {
          if (!pattern.matcher(text.strip()).matches()) {
            throw new Mismatch(rule);
          }
          return text.strip();
        },
        "");
  }

  /**
   * A value of another module's type, such as a location, of which this module knows nothing.
   *
   * @param parser throws {@link IllegalArgumentException} for a text it does not accept; the
   *     exception becomes the cause
   * @param rule for people: {@code must be s3://<bucket>/<prefix>}
   */
  public static <T> OptionType<T> parsed(Function<String, T> parser, String rule) {
    return new OptionType<>(
        text -> {
          try {
            return parser.apply(text.strip());
          } catch (IllegalArgumentException e) {
            throw new Mismatch(rule, e);
          }
        },
        "");
  }

  /** The value of {@code text}. */
  T parse(String text) throws Mismatch {
    return parser.parse(text);
  }

  /** The allowed values for the option tables; empty when the description has to say it. */
  String allowed() {
    return allowed;
  }

  private static <N extends Comparable<N>> N inRange(N value, N min, N max, String rule)
      throws Mismatch {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new Mismatch(rule);
    }
    return value;
  }

  private static String lower(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
