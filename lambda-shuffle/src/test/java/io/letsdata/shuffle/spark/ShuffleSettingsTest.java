// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

final class ShuffleSettingsTest {
  /** A row of the table of options: key, default. */
  private static final Pattern ROW =
      Pattern.compile("^\\| `(spark\\.letsdata\\.shuffle\\.[a-z-]+)` \\| `([^`]+)` \\|");

  @Test
  void pageOfOptionsNamesEveryOptionWithItsDefault() throws IOException {
    Map<String, String> documented = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("OPTIONS.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.find()) {
        documented.put(row.group(1), row.group(2));
      }
    }

    assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(ShuffleSettings.KEYS);
    ShuffleSettings byDefault = ShuffleSettings.from(new SparkConf(false));
    documented.forEach(
        (key, value) ->
            assertThat(ShuffleSettings.from(new SparkConf(false).set(key, value)))
                .as("%s=%s", key, value)
                .isEqualTo(byDefault));
  }
}
