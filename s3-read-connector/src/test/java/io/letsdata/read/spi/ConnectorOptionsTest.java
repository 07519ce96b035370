// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.manifest.NearestName;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.read.spark.SparkReads;
import io.letsdata.store.StoreSettings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectorOptionsTest {
  @Test
  void caseAndDashesOfNamesDoNotMatter() {
    ConnectorOptions options =
        ConnectorOptions.of(Map.of("manifestText", "a", "INFERENCE-objects", "3", "Bucket", "b"));

    assertThat(options.own(ConnectorOptions.MANIFEST_TEXT)).contains("a");
    assertThat(options.number(ConnectorOptions.INFERENCE_OBJECTS, 1, 8)).isEqualTo(3);
    assertThat(options.own(ConnectorOptions.BUCKET)).contains("b");
  }

  @Test
  void anUnknownOptionIsRefusedWithTheNearestKnown() {
    assertThatThrownBy(() -> formatOptions(ObjectFormat.TEXT, "lineSepp", "\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Unknown option 'lineSepp' for format text; did you mean 'lineSep'?");
    assertThatThrownBy(() -> formatOptions(ObjectFormat.CSV, "manifset", "x"))
        .hasMessageContaining("did you mean 'manifest'?");
    assertThatThrownBy(() -> formatOptions(ObjectFormat.WARC, "header", "true"))
        .hasMessageStartingWith("Unknown option 'header' for format warc");
    assertThatThrownBy(() -> formatOptions(ObjectFormat.PARQUET, "recursiveFileLookup", "true"))
        .hasMessageStartingWith("Unknown option 'recursiveFileLookup' for format parquet");
  }

  @Test
  void everyFormatKnowsSparksOptions() {
    assertThat(formatOptions(ObjectFormat.TEXT, "LINESEP", "\n")).hasSize(1);
    assertThat(formatOptions(ObjectFormat.JSON, "multiLine", "true")).hasSize(1);
    assertThat(formatOptions(ObjectFormat.CSV, "delimiter", ";")).hasSize(1);
    assertThat(formatOptions(ObjectFormat.PARQUET, "mergeSchema", "true")).hasSize(1);
    assertThat(formatOptions(ObjectFormat.PARQUET, "parquet.filter.stats.enabled", "true"))
        .hasSize(1);
  }

  @Test
  void anUnknownFormatIsRefusedWithTheNearestKnown() {
    assertThat(ConnectorOptions.of(Map.of("format", " Parquet ")).format())
        .contains(ObjectFormat.PARQUET);
    assertThatThrownBy(() -> ConnectorOptions.of(Map.of("format", "parket")).format())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid value for option format: 'parket'; did you mean 'parquet'? (known: text, json,"
                + " csv, parquet, warc)");
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    ConnectorOptions options =
        ConnectorOptions.of(Map.of("version", "0", "inference-objects", "many"));

    assertThatThrownBy(() -> options.number(ConnectorOptions.VERSION, 1, 0))
        .hasMessage("Invalid value for option version: '0' (must be a whole number of at least 1)");
    assertThatThrownBy(() -> options.number(ConnectorOptions.INFERENCE_OBJECTS, 1, 8))
        .hasMessageContaining("'many'");
  }

  @Test
  void optionsOfTheStoreWinOverTheSession() {
    ConnectorOptions options = ConnectorOptions.of(Map.of(StoreSettings.REGION_KEY, "eu-west-1"));

    StoreSettings settings =
        options.storeSettings(
            key ->
                switch (key) {
                  case StoreSettings.REGION_KEY -> Optional.of("us-east-1");
                  case StoreSettings.ENDPOINT_KEY -> Optional.of("http://localhost:1");
                  default -> Optional.empty();
                });

    assertThat(settings.region()).contains("eu-west-1");
    assertThat(settings.endpoint()).isPresent();
    assertThat(formatOptions(ObjectFormat.TEXT, StoreSettings.REGION_KEY, "x")).isEmpty();
  }

  @Test
  void distanceCountsChanges() {
    assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestName.hint("zzzzzz", java.util.List.of("path"))).isEmpty();
  }

  private static Map<String, String> formatOptions(ObjectFormat format, String name, String value) {
    return ConnectorOptions.of(Map.of(name, value))
        .formatOptions(format, SparkReads.optionNames(format));
  }
}
