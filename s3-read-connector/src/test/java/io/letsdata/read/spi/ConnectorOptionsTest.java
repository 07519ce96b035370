// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.manifest.ObjectFormat;
import io.letsdata.options.InvalidOptionException;
import io.letsdata.read.spark.ReadPlan;
import io.letsdata.store.StoreSettings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "wet,did you mean 'warc'?",
    "WAT,did you mean 'warc'?",
    "xml,xml is not supported",
    "ndjson,did you mean 'json'?",
    "jsn,did you mean 'json'?"
  })
  void messageForUnknownFormatSaysWhatIsMeant(String format, String hint) {
    ConnectorOptions options = ConnectorOptions.of(Map.of("format", format));

    assertThatThrownBy(() -> options.get(ConnectorOptions.FORMAT))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("text, json, csv, parquet, orc, avro or warc; " + hint);
    assertThatThrownBy(() -> ObjectFormat.parse(format)).hasMessageContaining(hint);
  }

  @Test
  void caseAndDashesOfNamesDoNotMatter() {
    ConnectorOptions options =
        ConnectorOptions.of(Map.of("manifestText", "a", "INFERENCE-objects", "3", "Bucket", "b"));

    assertThat(options.get(ConnectorOptions.MANIFEST_TEXT)).contains("a");
    assertThat(options.get(ConnectorOptions.INFERENCE_OBJECTS)).contains(3L);
    assertThat(options.get(ConnectorOptions.BUCKET)).contains("b");
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
    assertThatThrownBy(() -> formatOptions(ObjectFormat.PARQUET, "recursiveLookup", "true"))
        .hasMessageStartingWith("Unknown option 'recursiveLookup' for format parquet");
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
  void unknownFormatIsRefusedWithTheNearestKnown() {
    assertThat(ConnectorOptions.of(Map.of("format", " Parquet ")).get(ConnectorOptions.FORMAT))
        .contains(ObjectFormat.PARQUET);
    assertThatThrownBy(
            () -> ConnectorOptions.of(Map.of("format", "parket")).get(ConnectorOptions.FORMAT))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "Invalid value for option format: 'parket' (must be text, json, csv, parquet, orc, avro or warc;"
                + " did you mean 'parquet'?)");
  }

  @Test
  void blankOptionCountsAsNoneButAnEmptyManifestIsAnInput() {
    ConnectorOptions options =
        ConnectorOptions.of(Map.of("path", " ", "bucket", "", "manifest-text", ""));

    assertThat(options.get(ConnectorOptions.PATH)).isEmpty();
    assertThat(options.get(ConnectorOptions.BUCKET)).isEmpty();
    assertThat(options.get(ConnectorOptions.MANIFEST_TEXT)).contains("");
  }

  @Test
  void misspelledKeyOfTheStoreNamesTheNearestKnownOne() {
    assertThatThrownBy(() -> ConnectorOptions.of(Map.of("spark.letsdata.s3.endpiont", "x")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "Unknown option 'spark.letsdata.s3.endpiont'. The nearest known one is"
                + " spark.letsdata.s3.endpoint.");
  }

  @Test
  void optionsOfTheStoreWinOverTheSession() {
    ConnectorOptions options = ConnectorOptions.of(Map.of("spark.letsdata.s3.region", "eu-west-1"));
    Map<String, String> session =
        Map.of(
            "spark.letsdata.s3.region", "us-east-1",
            "spark.letsdata.s3.endpoint", "http://localhost:1");

    StoreSettings settings = options.storeSettings(key -> Optional.ofNullable(session.get(key)));

    assertThat(settings.region()).contains("eu-west-1");
    assertThat(settings.endpoint()).isPresent();
    assertThat(formatOptions(ObjectFormat.TEXT, "spark.letsdata.s3.region", "x")).isEmpty();
  }

  private static Map<String, String> formatOptions(ObjectFormat format, String name, String value) {
    return ConnectorOptions.of(Map.of(name, value))
        .formatOptions(format, ReadPlan.optionNames(format));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "a,,b", ","})
  void otherBucketsAreNamesWithCommas(String value) {
    ConnectorOptions options = ConnectorOptions.of(Map.of("otherBuckets", value));
    if (value.isEmpty()) {
      assertThat(options.get(ConnectorOptions.OTHER_BUCKETS)).isEmpty();
    } else {
      assertThatThrownBy(() -> options.get(ConnectorOptions.OTHER_BUCKETS))
          .isInstanceOf(InvalidOptionException.class)
          .hasMessageContaining("must be bucket names with commas between them, or *");
    }
  }
}
