// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Properties;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

final class ProcessDefaultsTest {
  @Test
  void defaultsThatAnApplicationChangedAreRestored() {
    TimeZone zone = TimeZone.getDefault();
    Locale locale = Locale.getDefault();
    Locale format = Locale.getDefault(Locale.Category.FORMAT);
    Properties properties = (Properties) System.getProperties().clone();
    ProcessDefaults defaults = ProcessDefaults.now();
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
    Locale.setDefault(Locale.JAPAN);
    System.setProperty("it.added", "x");
    System.setProperty("java.io.tmpdir", "/changed");
    System.clearProperty("user.name");

    defaults.restore();

    assertThat(TimeZone.getDefault()).isEqualTo(zone);
    assertThat(Locale.getDefault()).isEqualTo(locale);
    assertThat(Locale.getDefault(Locale.Category.FORMAT)).isEqualTo(format);
    assertThat(System.getProperties()).isEqualTo(properties);
  }
}
