// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.UserErrorException;
import org.apache.spark.SparkConf;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingRulesTest {
  private final SparkConf conf = new SparkConf(false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.io.encryption.enabled",
        "spark.network.crypto.enabled",
        "spark.dynamicAllocation.enabled",
        "spark.shuffle.service.enabled",
        "spark.shuffle.push.enabled",
        "spark.decommission.enabled",
        "spark.excludeOnFailure.enabled"
      })
  void switchIsRefusedWhenItIsOn(String key) {
    assertThatCode(() -> SettingRules.check(conf.set(key, "false"))).doesNotThrowAnyException();

    assertThatThrownBy(() -> SettingRules.check(conf.set(key, "true")))
        .isInstanceOf(UserErrorException.class)
        .hasMessageStartingWith("Cannot start: " + key + " is not supported on Lambda: ")
        .hasMessageEndingWith("Unset it.");
  }

  @ParameterizedTest
  @CsvSource({
    "spark.executor.extraClassPath, /opt/x.jar, spark.jars",
    "spark.executor.extraLibraryPath, /opt/lib, layer",
    "spark.executor.defaultJavaOptions, -Xss8m, JAVA_TOOL_OPTIONS",
    "spark.executor.extraJavaOptions, -Dmine=1, JAVA_TOOL_OPTIONS",
    "spark.executorEnv.MINE, 1, Set them on the function",
    "spark.repl.class.uri, spark://driver:1/classes, spark-submit",
    "spark.task.resource.gpu.amount, 1, no devices",
    "spark.executor.resource.gpu.amount, 1, no devices",
    "spark.kerberos.keytab, /k, the function's role",
    "spark.hadoop.hadoop.security.authentication, kerberos, the function's role",
    "spark.sql.catalogImplementation, hive, no Hive classes"
  })
  void settingOnWhichAProgramMayDependIsRefusedWithARemedy(
      String key, String value, String remedy) {
    assertThatThrownBy(() -> SettingRules.check(conf.set(key, value)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageStartingWith("Cannot start: " + key)
        .hasMessageContaining(remedy);
  }

  @Test
  void optionsThatSparkAddsAreAccepted() {
    conf.set(
        "spark.executor.extraJavaOptions",
        "-Djava.net.preferIPv6Addresses=false " + JavaModuleOptions.defaultModuleOptions());
    conf.set("spark.executorEnv.PYTHONHASHSEED", "0");

    assertThatCode(() -> SettingRules.check(conf)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Duser.timezone=Asia/Tokyo -Dfile.encoding=UTF-8",
        "-Duser.language=de -Duser.country=CH -Dsun.jnu.encoding=utf8"
      })
  void defaultsThatAWorkerCanSetAreAccepted(String flags) {
    conf.set("spark.executor.extraJavaOptions", flags);

    assertThatCode(() -> SettingRules.check(conf)).doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                SettingRules.check(
                    conf.set("spark.executor.extraJavaOptions", "-Dfile.encoding=latin1")))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("JAVA_TOOL_OPTIONS");
  }

  @ParameterizedTest
  @CsvSource({
    "spark.executor.memory, function's memory",
    "spark.executor.memoryOverhead, function's memory",
    "spark.executor.cores, one task",
    "spark.executor.instances, spark.letsdata.lambda.concurrency",
    "spark.cores.max, spark.letsdata.lambda.concurrency"
  })
  void settingForTheSizeOfAClusterIsReportedAsWithoutEffect(String key, String decides) {
    conf.set(key, "4");

    assertThatCode(() -> SettingRules.check(conf)).doesNotThrowAnyException();
    assertThat(SettingRules.withoutEffect(conf)).hasSize(1);
    assertThat(SettingRules.withoutEffect(conf).get(key)).contains(decides);
  }
}
