// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.TimeZone;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SessionDefaultsTest {
  private final TimeZone zone = TimeZone.getDefault();
  private final Locale locale = Locale.getDefault();

  @AfterEach
  void restore() {
    TimeZone.setDefault(zone);
    Locale.setDefault(locale);
  }

  @Test
  void flagsOfTheSessionAreTheDefaultsUntilItEnds() {
    SparkConf conf =
        new SparkConf(false)
            .set(
                "spark.executor.extraJavaOptions",
                "-Dother=1 -Duser.timezone=Europe/Paris -Duser.timezone=Asia/Tokyo"
                    + " -Duser.language=de -Duser.country=CH");

    SessionDefaults.set(conf);

    assertThat(TimeZone.getDefault().getID()).isEqualTo("Asia/Tokyo");
    assertThat(Locale.getDefault()).isEqualTo(Locale.forLanguageTag("de-CH"));
    SessionDefaults.restore();
    assertThat(TimeZone.getDefault()).isEqualTo(zone);
    assertThat(Locale.getDefault()).isEqualTo(locale);
  }

  @Test
  void changesByUserCodeEndWithTheSession() {
    SessionDefaults.set(new SparkConf(false));
    assertThat(TimeZone.getDefault()).isEqualTo(zone);
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
    Locale.setDefault(Locale.GERMANY);

    SessionDefaults.restore();

    assertThat(TimeZone.getDefault()).isEqualTo(zone);
    assertThat(Locale.getDefault()).isEqualTo(locale);
  }
}
