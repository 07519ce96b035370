// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import io.letsdata.options.Internal;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.stream.Stream;

/**
 * The defaults of a JVM that user code takes without naming them: {@code getBytes()}, {@code
 * String.format}, {@code java.sql.Timestamp.toString()}. Immutable.
 *
 * @param charset the default charset; empty when the image of the function decides
 * @param locale the default locale as a language tag
 * @param zone the default time zone
 */
@Internal
public record JvmDefaults(Optional<String> charset, String locale, String zone) {
  /** Those of this process. */
  public static JvmDefaults here() {
    return new JvmDefaults(
        Optional.of(Charset.defaultCharset().name()),
        Locale.getDefault().toLanguageTag(),
        TimeZone.getDefault().getID());
  }

  /**
   * Those of a function, by its variables: {@code JAVA_TOOL_OPTIONS}, else {@code LANG} and {@code
   * TZ} (Lambda developer guide, "Defined runtime environment variables").
   */
  public static JvmDefaults ofFunction(Map<String, String> variables) {
    String options = variables.getOrDefault("JAVA_TOOL_OPTIONS", "");
    String lang = variables.getOrDefault("LC_ALL", variables.getOrDefault("LANG", "en_US.UTF-8"));
    String tz = variables.getOrDefault("TZ", "UTC");
    return new JvmDefaults(
            Optional.empty(), localeOf(lang), tz.startsWith(":") ? tz.substring(1) : tz)
        .with(options);
  }

  /** These with the flags {@code -Dfile.encoding}, {@code -Duser.*} of a JVM in their place. */
  public JvmDefaults with(String flags) {
    Optional<String> language = flag(flags, "user.language");
    Optional<String> country = flag(flags, "user.country");
    return new JvmDefaults(
        flag(flags, "file.encoding").or(() -> charset),
        language.map(l -> country.map(c -> l + "-" + c).orElse(l)).orElse(locale),
        flag(flags, "user.timezone").orElse(zone));
  }

  /**
   * The differences between a driver with these defaults and its function, each with its remedy;
   * empty when there are none.
   */
  public List<String> differences(JvmDefaults function) {
    List<String> found = new ArrayList<>();
    if (function.charset().isEmpty()) {
      found.add(
          "the charset is "
              + charset.orElse("?")
              + " here and not fixed there: add -Dfile.encoding=UTF-8 -Dsun.jnu.encoding=UTF-8 to"
              + " JAVA_TOOL_OPTIONS of the function");
    } else if (!isSameCharset(charset.orElse("?"), function.charset().get())) {
      found.add(
          "the charset is "
              + charset.orElse("?")
              + " here and "
              + function.charset().get()
              + " there: start the driver with -Dfile.encoding="
              + function.charset().get());
    }
    if (!isSameLocale(locale, function.locale())) {
      found.add(
          "the locale is "
              + locale
              + " here and "
              + function.locale()
              + " there: start the driver with -Duser.language=en -Duser.country=US, or set "
              + "-Duser.language in spark.executor.extraJavaOptions");
    }
    if (!TimeZone.getTimeZone(zone).hasSameRules(TimeZone.getTimeZone(function.zone()))) {
      found.add(
          "the time zone is "
              + zone
              + " here and "
              + function.zone()
              + " there, which values of java.sql and java.util show: start the driver with"
              + " -Duser.timezone="
              + function.zone()
              + ", or set spark.executor.extraJavaOptions=-Duser.timezone="
              + zone);
    }
    return found;
  }

  private static boolean isSameCharset(String one, String other) {
    try {
      return Charset.forName(one).equals(Charset.forName(other));
    } catch (IllegalArgumentException e) {
      return one.equalsIgnoreCase(other);
    }
  }

  /** English of no country formats as that of the United States. */
  private static boolean isSameLocale(String one, String other) {
    return withCountry(one).equals(withCountry(other));
  }

  private static String withCountry(String tag) {
    return tag.equals("en") || tag.equals("und") ? "en-US" : tag;
  }

  /** Of {@code en_US.UTF-8}; {@code C} and {@code POSIX} are Java's {@code en}. */
  private static String localeOf(String lang) {
    String name = lang.replaceFirst("[.@].*", "");
    return name.isEmpty() || name.equals("C") || name.equals("POSIX")
        ? "en"
        : name.replace('_', '-');
  }

  /** The value of {@code -D<key>=}; the last one counts, as in a JVM. */
  private static Optional<String> flag(String flags, String key) {
    String prefix = "-D" + key + "=";
    Stream<String> all = Arrays.stream(flags.strip().split("\\s+", -1));
    return all.filter(flag -> flag.startsWith(prefix))
        .map(flag -> flag.substring(prefix.length()))
        .reduce((first, last) -> last);
  }
}
