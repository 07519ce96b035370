// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The options of a module, or of several, in the order of their table. Immutable.
 *
 * <p>A module may list an option that another module declares; a set holds it once.
 */
@Internal
public final class OptionSet {
  private final List<Option<?>> options;

  private OptionSet(List<Option<?>> options) {
    this.options = options;
  }

  /**
   * In the order of their table.
   *
   * @throws IllegalStateException when two declarations share a key; a bug
   */
  public static OptionSet of(Option<?>... options) {
    return of(List.of(options));
  }

  static OptionSet of(Collection<Option<?>> options) {
    TreeMap<String, Option<?>> byName = new TreeMap<>();
    List<Option<?>> distinct = new ArrayList<>();
    for (Option<?> option : options) {
      Option<?> other = byName.put(Option.normalized(option.key()), option);
      if (other == null) {
        distinct.add(option);
      } else if (other != option) {
        throw new IllegalStateException("Two options have the key " + option.key());
      }
    }
    return new OptionSet(List.copyOf(distinct));
  }

  /** These and then the others. */
  public OptionSet plus(OptionSet others) {
    List<Option<?>> all = new ArrayList<>(options);
    all.addAll(others.options);
    return of(all);
  }

  /** In the order of the declaration. */
  public List<Option<?>> options() {
    return options;
  }

  /** The keys that a user may set, in the order of the declaration. */
  public List<String> keys() {
    return options.stream()
        .map(Option::declaration)
        .filter(o -> !o.hidden())
        .map(Declaration::key)
        .toList();
  }

  /** The option that {@code name} means, without regard to case and dashes. */
  public Optional<Option<?>> find(String name) {
    return options.stream().filter(o -> o.declaration().isNamed(name)).findFirst();
  }

  /**
   * Refuses keys of a session under {@link Option#PREFIX} that are not in this set. Other keys are
   * ignored, and so are values.
   *
   * @throws InvalidOptionException for the first in alphabetical order, naming the nearest known
   *     key
   */
  public void requireKnownSettings(Collection<String> keys) {
    keys.stream()
        .filter(key -> key.startsWith(Option.PREFIX))
        .sorted()
        .forEach(this::requireKnownSetting);
  }

  private void requireKnownSetting(String key) {
    for (Option<?> option : options) {
      Declaration known = option.declaration();
      if (known.key().equals(key) || known.formerKeys().contains(key)) {
        if (!known.scope().includesSession()) {
          throw new InvalidOptionException(
              key, "Cannot set " + key + " in a session: set it with .option(…).");
        }
        return;
      }
    }
    throw new InvalidOptionException(key, "Unknown setting " + key + ". " + remedy(key));
  }

  /**
   * Refuses names of {@code .option(…)} under {@link Option#PREFIX} that are not in this set, and
   * those that only a session may set. Short names are not looked at: they may be a format's.
   *
   * @throws InvalidOptionException for the first in alphabetical order, naming the nearest known
   *     key
   */
  public void requireKnownOptions(Collection<String> names) {
    names.stream().filter(Option::isSessionKey).sorted().forEach(this::requireKnownOption);
  }

  private void requireKnownOption(String name) {
    Optional<Option<?>> known = find(name);
    if (known.isEmpty()) {
      throw new InvalidOptionException(name, "Unknown option '" + name + "'. " + remedy(name));
    }
    if (!known.get().declaration().scope().includesOption()) {
      throw new InvalidOptionException(
          known.get().key(),
          "Cannot set "
              + known.get().key()
              + " with .option(…): it holds for the whole session. Set it in the session's configuration.");
    }
  }

  /**
   * Names the nearest key. A key whose group is unknown may also belong to a module that is not
   * installed, which the nearest key of another group would hide: the message says so.
   */
  private String remedy(String key) {
    List<String> known = keys().stream().filter(Option::isSessionKey).toList();
    String nearest =
        NearestName.of(key, known)
            .map(k -> "The nearest known one is " + k + ".")
            .orElse("No module here has settings.");
    String group = group(key);
    return known.stream().map(OptionSet::group).anyMatch(group::equals)
        ? nearest
        : nearest
            + " No module on the class path has settings under "
            + Option.PREFIX
            + group
            + ": if the key belongs to one that is missing, add that module or unset the key.";
  }

  /** {@code lambda} of {@code spark.letsdata.lambda.region}. */
  private static String group(String key) {
    String rest = key.substring(Option.PREFIX.length()).toLowerCase(Locale.ROOT);
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }
}
