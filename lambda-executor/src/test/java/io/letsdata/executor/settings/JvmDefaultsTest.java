// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JvmDefaultsTest {
  private static final JvmDefaults DRIVER =
      new JvmDefaults(Optional.of("UTF-8"), "en-US", "Etc/UTC");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-Dfile.encoding=UTF-8 | en_US.UTF-8 | :UTC | UTF-8 | en-US | UTC",
        "'' | C.UTF-8 | Europe/Paris | '' | en | Europe/Paris",
        "-Dfile.encoding=x -Dfile.encoding=utf8 -Duser.timezone=Asia/Tokyo | de_CH | UTC | utf8 | de-CH | Asia/Tokyo",
        "-Duser.language=fa | en_US.UTF-8 | UTC | '' | fa | UTC",
      })
  void variablesOfTheFunctionDecideItsDefaults(
      String flags, String lang, String tz, String charset, String locale, String zone) {
    JvmDefaults defaults =
        JvmDefaults.ofFunction(Map.of("JAVA_TOOL_OPTIONS", flags, "LANG", lang, "TZ", tz));

    assertThat(defaults.charset().orElse("")).isEqualTo(charset);
    assertThat(defaults.locale()).isEqualTo(locale);
    assertThat(defaults.zone()).isEqualTo(zone);
  }

  @Test
  void functionWithTheDriversDefaultsUnderOtherNamesDiffersInNothing() {
    JvmDefaults function = new JvmDefaults(Optional.of("utf8"), "en", "UTC");

    assertThat(DRIVER.differences(function)).isEmpty();
  }

  @Test
  void eachDifferenceIsNamedWithBothValuesAndARemedy() {
    JvmDefaults driver = new JvmDefaults(Optional.of("windows-1252"), "de-CH", "Europe/Zurich");
    JvmDefaults function = new JvmDefaults(Optional.of("UTF-8"), "en-US", "UTC");

    assertThat(driver.differences(function))
        .satisfiesExactly(
            charset ->
                assertThat(charset)
                    .contains("windows-1252 here and UTF-8 there", "-Dfile.encoding=UTF-8"),
            locale -> assertThat(locale).contains("de-CH here and en-US there", "-Duser.language"),
            zone ->
                assertThat(zone)
                    .contains("Europe/Zurich here and UTC there", "-Duser.timezone=UTC"));
  }

  @Test
  void charsetThatTheImageDecidesIsADifference() {
    assertThat(DRIVER.differences(JvmDefaults.ofFunction(Map.of())))
        .singleElement()
        .asString()
        .contains("add -Dfile.encoding=UTF-8 -Dsun.jnu.encoding=UTF-8 to JAVA_TOOL_OPTIONS");
  }

  @Test
  void sessionsFlagsTakeTheFunctionsPlace() {
    JvmDefaults tokyo = new JvmDefaults(Optional.of("UTF-8"), "en-US", "Asia/Tokyo");
    JvmDefaults function = new JvmDefaults(Optional.of("UTF-8"), "en-US", "UTC");

    assertThat(tokyo.differences(function)).hasSize(1);
    assertThat(tokyo.differences(function.with("-Duser.timezone=Asia/Tokyo"))).isEmpty();
  }
}
