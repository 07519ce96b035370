// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;
import org.apache.spark.SparkConf;

/**
 * The time zone and the locale that a session wants its tasks to have by default: the flags {@code
 * -Duser.timezone}, {@code -Duser.language} and {@code -Duser.country} of {@code
 * spark.executor.extraJavaOptions}. The JVM of a function runs already, so they are set in it, and
 * set back for the next application. Stateless.
 */
final class SessionDefaults {
  private static final TimeZone FUNCTIONS_ZONE = TimeZone.getDefault();
  private static final Locale FUNCTIONS_LOCALE = Locale.getDefault();

  private SessionDefaults() {}

  /** Sets the defaults of the session; those of the function stay where it names none. */
  static void set(SparkConf conf) {
    restore(); // a session whose runtime did not start may have left its own
    String flags = conf.get("spark.executor.extraJavaOptions", "");
    flag(flags, "user.timezone").map(TimeZone::getTimeZone).ifPresent(TimeZone::setDefault);
    flag(flags, "user.language")
        .map(language -> new Locale(language, flag(flags, "user.country").orElse("")))
        .ifPresent(Locale::setDefault);
  }

  /** Sets the defaults of the function again, also those that user code has changed. */
  static void restore() {
    TimeZone.setDefault(FUNCTIONS_ZONE);
    Locale.setDefault(FUNCTIONS_LOCALE);
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
