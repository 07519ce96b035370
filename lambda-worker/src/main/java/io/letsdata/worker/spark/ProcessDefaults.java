// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;

/**
 * The defaults of the process that code of an application can change: system properties, time zone
 * and locales.
 */
final class ProcessDefaults {
  private final TimeZone zone;
  private final Locale locale;
  private final Map<Locale.Category, Locale> locales = new EnumMap<>(Locale.Category.class);
  private final Properties properties;

  private ProcessDefaults() {
    zone = TimeZone.getDefault(); // sets a property when it is called first
    locale = Locale.getDefault();
    for (Locale.Category category : Locale.Category.values()) {
      locales.put(category, Locale.getDefault(category));
    }
    properties = (Properties) System.getProperties().clone();
  }

  /** Those of now. */
  static ProcessDefaults now() {
    return new ProcessDefaults();
  }

  /** Makes them the defaults again. */
  void restore() {
    TimeZone.setDefault(zone);
    Locale.setDefault(locale); // for all categories
    locales.forEach(Locale::setDefault);
    Properties changed = System.getProperties();
    changed.keySet().retainAll(properties.keySet());
    changed.putAll(properties);
  }
}
