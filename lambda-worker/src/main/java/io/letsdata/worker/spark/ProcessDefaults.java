// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TimeZone;
import org.apache.spark.SparkConf;

/**
 * The defaults of the process that a session or its code can change: time zone and locales, which
 * are the function's again afterwards, and system properties.
 */
final class ProcessDefaults {
  private static final TimeZone ZONE = TimeZone.getDefault(); // sets a property when called first
  private static final Locale LOCALE = Locale.getDefault();
  private static final Map<Locale.Category, Locale> LOCALES = new EnumMap<>(Locale.Category.class);

  static {
    for (Locale.Category category : Locale.Category.values()) {
      LOCALES.put(category, Locale.getDefault(category));
    }
  }

  private final Properties properties;

  private ProcessDefaults() {
    properties = (Properties) System.getProperties().clone();
  }

  /** With the system properties of now. */
  static ProcessDefaults now() {
    return new ProcessDefaults();
  }

  /**
   * Sets the time zone and the locale that a session wants its tasks to have: the flags {@code
   * -Duser.timezone}, {@code -Duser.language} and {@code -Duser.country} of {@code
   * spark.executor.extraJavaOptions}. The JVM of a function runs already, so they are set in it.
   * Those of the function stay where the session names none.
   */
  static void set(SparkConf conf) {
    restoreZoneAndLocales(); // a session whose runtime did not start may have left its own
    String flags = conf.get("spark.executor.extraJavaOptions", "");
    flag(flags, "user.timezone").map(TimeZone::getTimeZone).ifPresent(TimeZone::setDefault);
    flag(flags, "user.language")
        .map(language -> new Locale(language, flag(flags, "user.country").orElse("")))
        .ifPresent(Locale::setDefault);
  }

  /** Makes them the defaults again, whatever code of the application has changed. */
  void restore() {
    restoreZoneAndLocales();
    Properties changed = System.getProperties();
    changed.keySet().retainAll(properties.keySet());
    changed.putAll(properties);
  }

  private static void restoreZoneAndLocales() {
    TimeZone.setDefault(ZONE);
    Locale.setDefault(LOCALE); // for all categories
    LOCALES.forEach(Locale::setDefault);
  }

  private static Optional<String> flag(String flags, String key) {
    String prefix = "-D" + key + "=";
    String value = null;
    for (String flag : flags.strip().split("\\s+", -1)) {
      if (flag.startsWith(prefix)) {
        value = flag.substring(prefix.length()); // the last one counts, as in a JVM
      }
    }
    return Optional.ofNullable(value);
  }
}
