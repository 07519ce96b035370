// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Properties;
import java.util.TimeZone;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

final class ProcessDefaultsTest {
  private static final TimeZone ZONE = TimeZone.getDefault();
  private static final Locale LOCALE = Locale.getDefault();

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

  @Test
  void flagsOfTheSessionAreTheDefaultsUntilItEnds() {
    ProcessDefaults defaults = ProcessDefaults.now();
    SparkConf conf =
        new SparkConf(false)
            .set(
                "spark.executor.extraJavaOptions",
                "-Dother=1 -Duser.timezone=Europe/Paris -Duser.timezone=Asia/Tokyo"
                    + " -Duser.language=de -Duser.country=CH");

    ProcessDefaults.set(conf);

    assertThat(TimeZone.getDefault().getID()).isEqualTo("Asia/Tokyo");
    assertThat(Locale.getDefault()).isEqualTo(Locale.forLanguageTag("de-CH"));
    defaults.restore();
    assertThat(TimeZone.getDefault()).isEqualTo(ZONE);
    assertThat(Locale.getDefault()).isEqualTo(LOCALE);
  }

  @Test
  void changesByUserCodeEndWithTheSession() {
    ProcessDefaults defaults = ProcessDefaults.now();
    ProcessDefaults.set(new SparkConf(false));
    assertThat(TimeZone.getDefault()).isEqualTo(ZONE);
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
    Locale.setDefault(Locale.GERMANY);

    defaults.restore();

    assertThat(TimeZone.getDefault()).isEqualTo(ZONE);
    assertThat(Locale.getDefault()).isEqualTo(LOCALE);
  }
}
