// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.InvalidOptionException;
import io.letsdata.options.UserErrorException;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionChecksTest {
  private final SparkConf conf =
      new SparkConf(false).set("spark.shuffle.manager", S3ShuffleManager.class.getName());

  @Test
  void plainSessionIsAccepted() {
    assertThatCode(() -> SessionChecks.check(conf)).doesNotThrowAnyException();
  }

  @Test
  void stockShuffleManagerIsRefusedByName() {
    conf.remove("spark.shuffle.manager");

    assertThatThrownBy(() -> SessionChecks.check(conf))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("spark.shuffle.manager is 'sort'")
        .hasMessageContaining(S3ShuffleManager.class.getName());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.io.encryption.enabled",
        "spark.dynamicAllocation.enabled",
        "spark.shuffle.service.enabled",
        "spark.decommission.enabled"
      })
  void settingThatCannotBeHonoredIsRefused(String key) {
    conf.set(key, "true");

    assertThatThrownBy(() -> SessionChecks.check(conf))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(key + " is not supported on Lambda");
  }

  @Test
  void staticHadoopSecretIsRefusedWithoutItsValue() {
    conf.set("spark.hadoop.fs.s3a.secret.key", "canary");

    assertThatThrownBy(() -> SessionChecks.check(conf))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("spark.hadoop.fs.s3a.secret.key")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource({
    "spark.letsdata.lambda.concurency, spark.letsdata.lambda.concurrency",
    "spark.letsdata.s3.endpiont, spark.letsdata.s3.endpoint",
    "spark.letsdata.shuffle.partsize, spark.letsdata.shuffle.part-size",
    "spark.letsdata.run.locaton, spark.letsdata.run.location"
  })
  void unknownKeyNamesTheNearestOfAllModules(String key, String nearest) {
    conf.set(key, "3");

    assertThatThrownBy(() -> SessionChecks.check(conf))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage("Unknown setting " + key + ". The nearest known one is " + nearest + ".");
  }
}
