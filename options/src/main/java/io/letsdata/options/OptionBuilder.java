// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes an {@link Option}. Defaults: set in the session for {@code spark.letsdata.} keys and with
 * {@code .option(…)} for short names; a blank value is a value, which most types do not accept. Not
 * thread-safe; one option each.
 */
@Internal
public final class OptionBuilder<T> {
  private static final Pattern SESSION_KEY =
      Pattern.compile("spark\\.letsdata(\\.[a-z0-9]+(-[a-z0-9]+)*)+");
  private static final Pattern SHORT_NAME = Pattern.compile("[a-z][A-Za-z0-9]*(-[a-z0-9]+)*");

  private final String key;
  private final OptionType<T> type;
  private final List<String> formerKeys = new ArrayList<>();
  private OptionScope scope;
  private String description = "";
  private boolean blankMeansAbsent;
  private boolean hidden;

  OptionBuilder(String key, OptionType<T> type) {
    if (!SESSION_KEY.matcher(key).matches() && !SHORT_NAME.matcher(key).matches()) {
      throw new IllegalStateException("'" + key + "' is no key of an option");
    }
    this.key = key;
    this.type = type;
    this.scope = Option.isSessionKey(key) ? OptionScope.SESSION : OptionScope.OPTION;
  }

  /** Where it may be set. */
  public OptionBuilder<T> settableIn(OptionScope where) {
    this.scope = where;
    return this;
  }

  /** One line of whole sentences for the option tables, in markdown. Required. */
  public OptionBuilder<T> describedAs(String sentences) {
    if (!sentences.endsWith(".") || sentences.contains("\n")) {
      throw new IllegalStateException(
          "The description of " + key + " must be one line that ends with a full stop");
    }
    this.description = sentences;
    return this;
  }

  /** A blank value counts as none. */
  public OptionBuilder<T> blankMeansAbsent() {
    this.blankMeansAbsent = true;
    return this;
  }

  /** The option had this key in an earlier version, which is still read. */
  public OptionBuilder<T> renamedFrom(String formerKey) {
    formerKeys.add(formerKey);
    return this;
  }

  /** The driver sets it for its executors; it is in no table. */
  public OptionBuilder<T> hidden() {
    this.hidden = true;
    return this;
  }

  /**
   * Ends the declaration of an option that always has a value.
   *
   * @param text the default as a user would write it
   * @throws IllegalStateException when the type does not accept it; a bug
   */
  public Option<T> withDefault(String text) {
    T value;
    try {
      value = type.parse(text);
    } catch (Mismatch e) {
      throw new IllegalStateException("The default of " + key + " is wrong: " + e.getMessage(), e);
    }
    OptionReader<T> reader = reader("`" + text + "`");
    return new Option<>(reader.declaration(), set -> reader.read(set).orElse(value));
  }

  /**
   * Ends the declaration of an option whose absence means something.
   *
   * @param meaning what holds when it is not set, for the option tables, in markdown: {@code
   *     AWS's}, {@code required}
   */
  public Option<Optional<T>> withoutDefault(String meaning) {
    OptionReader<T> reader = reader(meaning);
    return new Option<>(reader.declaration(), reader::read);
  }

  private OptionReader<T> reader(String defaultText) {
    if (description.isEmpty() && !hidden) {
      throw new IllegalStateException("The option " + key + " needs a description");
    }
    return new OptionReader<>(
        new Declaration(
            key, scope, description, defaultText, type.allowed(), List.copyOf(formerKeys), hidden),
        type,
        blankMeansAbsent);
  }

  private record OptionReader<T>(
      Declaration declaration, OptionType<T> type, boolean blankMeansAbsent) {
    Optional<T> read(Optional<String> set) {
      if (set.isEmpty() || (blankMeansAbsent && set.get().isBlank())) {
        return Optional.empty();
      }
      try {
        return Optional.of(type.parse(set.get()));
      } catch (Mismatch e) {
        throw InvalidOptionException.ofValue(declaration, set.get(), e);
      }
    }
  }
}
