// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The declaration of one option: key, grammar, default, description, and where it may be set.
 *
 * <pre>{@code
 * static final Option<Long> PART_SIZE =
 *     Option.of("spark.letsdata.shuffle.part-size", OptionType.bytes(5 << 20, 1 << 30))
 *         .describedAs("Length of one part of a map output.")
 *         .withDefault("16m");
 * static final Option<Optional<String>> REGION =
 *     Option.of("spark.letsdata.s3.region", OptionType.text())
 *         .settableIn(OptionScope.SESSION_OR_OPTION)
 *         .describedAs("Region of the bucket.")
 *         .withoutDefault("the SDK's own lookup");
 * }</pre>
 *
 * <p>A declaration is a constant of a module's option class; nothing else spells its key. Its value
 * comes from {@link Options#get}. Keys are of two kinds: {@code spark.letsdata.…} for a session
 * (exact), and short names for one read or write (compared without regard to case and dashes).
 *
 * <p>Immutable. Declarations are equal when they are the same object.
 *
 * @param <T> the value's type; {@code Optional} when there is no default
 */
@Internal
public final class Option<T> {
  /** All keys of sessions begin so; an unknown key that does is an error. */
  public static final String PREFIX = "spark.letsdata.";

  private final Declaration declaration;
  private final Function<Optional<String>, T> reader;

  Option(Declaration declaration, Function<Optional<String>, T> reader) {
    this.declaration = declaration;
    this.reader = reader;
  }

  /**
   * Begins a declaration.
   *
   * @param key {@code spark.letsdata.<group>.<kebab-case>}, or a short name
   * @throws IllegalStateException for a key that is neither; a bug
   */
  public static <V> OptionBuilder<V> of(String key, OptionType<V> type) {
    return new OptionBuilder<>(key, type);
  }

  /** As it is declared; for messages, and for code that sets it. */
  public String key() {
    return declaration.key();
  }

  /** The value that {@code text} means, as if it had been set. */
  public T parse(String text) {
    return valueOf(Optional.of(text));
  }

  /**
   * The error of a value that its type accepts and another option rules out.
   *
   * @param rule {@code must be unset unless …}
   */
  public InvalidOptionException invalid(String value, String rule) {
    return InvalidOptionException.ofValue(declaration, value, new Mismatch(rule));
  }

  Declaration declaration() {
    return declaration;
  }

  T valueOf(Optional<String> text) {
    return reader.apply(text);
  }

  @Override
  public String toString() {
    return key();
  }

  static boolean isSessionKey(String key) {
    return key.toLowerCase(Locale.ROOT).startsWith(PREFIX);
  }

  /** Names of {@code .option(…)} are compared in this form. */
  static String normalized(String name) {
    return name.toLowerCase(Locale.ROOT).replace("-", "");
  }
}
