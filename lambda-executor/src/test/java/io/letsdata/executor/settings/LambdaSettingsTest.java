// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.InvalidOptionException;
import io.letsdata.options.Options;
import io.letsdata.options.UserErrorException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LambdaSettingsTest {
  private static LambdaSettings settings(String master, Map<String, String> conf) {
    return LambdaSettings.from(master, Options.ofSession(conf));
  }

  @Test
  void bothSpellingsOfTheMasterNameTheFunction() {
    Map<String, String> conf = Map.of("spark.letsdata.run.location", "s3://b/runs");

    assertThat(settings("lambda://f", conf).function()).isEqualTo("f");
    assertThat(settings("local-lambda://f", conf).function()).isEqualTo("f");
  }

  @Test
  void unitsAreReadFromValues() {
    LambdaSettings settings =
        settings(
            "lambda://f",
            Map.of(
                "spark.letsdata.run.location", "s3://b/runs",
                "spark.letsdata.lambda.payload-limit", "1m",
                "spark.letsdata.lambda.store-response-after", "250ms"));

    assertThat(settings.payloadLimitBytes()).isEqualTo(1 << 20);
    assertThat(settings.storeResponseAfter()).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void missingRunLocationNamesKeyAndRemedy() {
    assertThatThrownBy(() -> settings("lambda://f", Map.of()))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("spark.letsdata.run.location is not set")
        .hasMessageContaining("s3://<bucket>/<prefix>");
  }

  @Test
  void httpToAnotherMachineNeedsThePermissionOfTheSession() {
    Map<String, String> conf =
        new HashMap<>(
            Map.of(
                "spark.letsdata.run.location", "s3://b/runs",
                "spark.letsdata.lambda.endpoint", "http://lambda.example:9001"));

    assertThatThrownBy(() -> settings("lambda://f", conf))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("spark.letsdata.lambda.endpoint")
        .hasMessageContaining("spark.letsdata.allow-http=true");
    conf.put("spark.letsdata.allow-http", "true");
    assertThat(settings("lambda://f", conf).endpoint()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "AAAA", "00", "not a digest"})
  void textThatIsNoSha256IsRefused(String text) {
    assertThatThrownBy(
            () ->
                settings(
                    "lambda://f",
                    Map.of(
                        "spark.letsdata.run.location",
                        "s3://b/runs",
                        "spark.letsdata.lambda.code-sha256",
                        text)))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("must be a SHA-256 in Base64 or hex");
  }

  @Test
  void isolationThatWorkersDoNotKnowIsRefused() {
    assertThatThrownBy(
            () ->
                settings(
                    "lambda://f",
                    Map.of(
                        "spark.letsdata.run.location", "s3://b/runs",
                        "spark.letsdata.lambda.isolation", "process")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "Invalid value for spark.letsdata.lambda.isolation: 'process' (must be application or environment)");
  }

  @Test
  void masterWithoutFunctionIsRefused() {
    assertThatThrownBy(() -> settings("lambda://", Map.of()))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("names no function");
  }

  @ParameterizedTest
  @CsvSource({
    "spark.letsdata.lambda.concurrency, 0",
    "spark.letsdata.lambda.payload-limit, 7m",
    "spark.letsdata.lambda.store-response-after, 3",
    "spark.letsdata.lambda.endpoint, not a url",
    "spark.letsdata.run.location, /tmp/x"
  })
  void wrongValueIsRefusedByNameAndValue(String key, String value) {
    Map<String, String> conf = new HashMap<>(Map.of("spark.letsdata.run.location", "s3://b/runs"));
    conf.put(key, value);

    assertThatThrownBy(() -> settings("lambda://f", conf))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageStartingWith("Invalid value for " + key + ": '" + value + "' (must be ");
  }
}
