// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The values of one session and, where there is one, of one read or write.
 *
 * <p><b>Precedence</b>: what {@code .option(…)} of the read or write sets wins over the session's
 * configuration, and that wins over the default. An option counts only where its {@link
 * OptionScope} allows it.
 *
 * <p>Values are parsed at each call and not kept: read them once, where a session, a read or a
 * write begins. Immutable when the session's lookup is.
 */
@Internal
public final class Options {
  private final Map<String, String> own;
  private final Function<String, Optional<String>> session;

  private Options(Map<String, String> own, Function<String, Optional<String>> session) {
    this.own = own;
    this.session = session;
  }

  /**
   * Of a session alone.
   *
   * @param session the session's configuration: the value of a key, empty when it is not set
   */
  public static Options ofSession(Function<String, Optional<String>> session) {
    return new Options(Map.of(), session);
  }

  /** Of a session alone, from a copy of its whole configuration. */
  public static Options ofSession(Map<String, String> session) {
    Map<String, String> copy = Map.copyOf(session);
    return ofSession(key -> Optional.ofNullable(copy.get(key)));
  }

  /**
   * With the options of one read or write, which win. Names count without regard to case and
   * dashes; names of no option of ours are ignored here ({@link OptionSet#requireKnownOptions}).
   *
   * @throws InvalidOptionException when two names mean the same option
   */
  public Options withOptions(Map<String, String> options) {
    Map<String, String> normalized = new HashMap<>();
    Map<String, String> spelling = new HashMap<>();
    options.forEach(
        (name, value) -> {
          String form = Option.normalized(name);
          String other = spelling.put(form, name);
          if (other != null) {
            throw twice(other, name);
          }
          normalized.put(form, value);
        });
    return new Options(Map.copyOf(normalized), session);
  }

  /**
   * The value in force.
   *
   * @throws InvalidOptionException naming key, value and rule
   */
  public <T> T get(Option<T> option) {
    return option.valueOf(text(option.declaration()));
  }

  /** Whether it is set at all, so that its default does not hold. */
  public boolean isSet(Option<?> option) {
    return text(option.declaration()).isPresent();
  }

  private Optional<String> text(Declaration option) {
    Optional<String> set =
        option.scope().includesOption()
            ? text(option, key -> Optional.ofNullable(own.get(Option.normalized(key))))
            : Optional.empty();
    return set.isEmpty() && option.scope().includesSession() ? text(option, session) : set;
  }

  /** By its key, or by one that it had in an earlier version. */
  private static Optional<String> text(
      Declaration option, Function<String, Optional<String>> source) {
    Optional<String> found = source.apply(option.key());
    String foundKey = option.key();
    for (String former : option.formerKeys()) {
      Optional<String> text = source.apply(former);
      if (text.isPresent() && found.isPresent()) {
        throw twice(former, foundKey);
      }
      if (text.isPresent()) {
        found = text;
        foundKey = former;
      }
    }
    return found;
  }

  private static InvalidOptionException twice(String a, String b) {
    String first = a.compareTo(b) < 0 ? a : b;
    String second = a.compareTo(b) < 0 ? b : a;
    return new InvalidOptionException(
        first, first + " and " + second + " are the same option and both are set. Unset one.");
  }
}
