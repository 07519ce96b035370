// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.UserErrorException;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.spark.context.MapLocation;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3ShuffleManagerTest {
  @Test
  void pluginIsSetWhenTheSessionNamesNone() {
    SparkConf conf = conf();

    new S3ShuffleManager(conf, true).stop();

    assertThat(conf.get("spark.shuffle.sort.io.plugin.class"))
        .isEqualTo(S3ShuffleDataIO.class.getName());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spark.shuffle.sort.io.plugin.class | com.example.Other | Cannot shuffle over S3: spark.shuffle.sort.io.plugin.class is com.example.Other.",
        "spark.shuffle.push.enabled | true | Cannot shuffle over S3 with spark.shuffle.push.enabled=true",
        "spark.shuffle.useOldFetchProtocol | true | Cannot shuffle over S3 with spark.shuffle.useOldFetchProtocol=true",
        "spark.files.fetchFailure.unRegisterOutputOnHost | true | Cannot shuffle over S3 with spark.files.fetchFailure.unRegisterOutputOnHost=true: one lost output would drop all",
        "spark.letsdata.run.location | '' | Cannot shuffle over S3: spark.letsdata.run.location is not set.",
        "spark.letsdata.shuffle.part-size | 4m | Invalid value for spark.letsdata.shuffle.part-size: '4m' (must be between 5242880 and",
        "spark.letsdata.shuffle.part-size | many | Invalid value for spark.letsdata.shuffle.part-size: 'many' (must be a size, such as 8m)",
        "spark.letsdata.shuffle.fetch-requests-in-flight | 0 | Invalid value for spark.letsdata.shuffle.fetch-requests-in-flight: '0' (must be between 1 and 256)",
        "spark.letsdata.run.location | /tmp/x | Invalid value for spark.letsdata.run.location: '/tmp/x' (must be s3://<bucket>/<prefix>)",
        "spark.letsdata.shuffle.partsize | 8m | Unknown setting spark.letsdata.shuffle.partsize. The nearest known one is spark.letsdata.shuffle.part-size.",
      })
  void settingThatCannotBeIsNamedAtTheStart(String key, String value, String message) {
    SparkConf conf = conf().set(key, value);

    assertThatThrownBy(() -> new S3ShuffleManager(conf, true))
        .isInstanceOf(UserErrorException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void settingOfAModuleThatIsNotInstalledIsRefusedWithARemedy() {
    SparkConf conf = conf().set("spark.letsdata.lambda.concurrency", "8");

    assertThatThrownBy(() -> new S3ShuffleManager(conf, true))
        .hasMessageContaining(
            "No module on the class path has settings under spark.letsdata.lambda")
        .hasMessageEndingWith("add that module or unset the key.");
  }

  @Test
  void executorWithFewerModulesThanItsDriverAcceptsTheDriversSettings() {
    SparkConf conf = conf().set("spark.letsdata.lambda.concurrency", "8");

    assertThatCode(() -> new S3ShuffleManager(conf, false).stop()).doesNotThrowAnyException();
  }

  @Test
  void idleExecutorsNeedNotStayForTheirOutputsUnlessTheUserWantsIt() {
    SparkConf conf = conf();
    SparkConf wants = conf().set("spark.dynamicAllocation.shuffleTracking.enabled", "true");

    new S3ShuffleManager(conf, true).stop();
    new S3ShuffleManager(wants, true).stop();

    assertThat(conf.get("spark.dynamicAllocation.shuffleTracking.enabled")).isEqualTo("false");
    assertThat(wants.get("spark.dynamicAllocation.shuffleTracking.enabled")).isEqualTo("true");
  }

  @Test
  void locationOfAnOutputNamesItsExecutionAndNoOther() {
    MapRef map = new MapRef(Long.MAX_VALUE, "0123456789abcdef");
    MapRef otherRun = new MapRef(Long.MAX_VALUE, "0123456789abcdee");

    assertThat(MapLocation.parse(MapLocation.of(map))).isEqualTo(map);
    assertThat(MapLocation.of(map).executorId())
        .isNotEqualTo(MapLocation.of(otherRun).executorId()); // it is by this that Spark drops it
    assertThat(MapLocation.of(map).host()).isEqualTo(MapLocation.of(otherRun).host());
  }

  @ParameterizedTest
  @CsvSource({
    "local[2], s3://test/run/app-1-[0-9a-f]{16}",
    "'lambda://us-east-1/f', s3://test/run/app-1" // its ids are unique, its functions told the root
  })
  void rootBelongsToOneApplication(String master, String root) {
    SparkConf conf = conf().set("spark.master", master).set("spark.app.id", "app-1");
    S3ShuffleManager manager = new S3ShuffleManager(conf, true);

    assertThat(manager.driver().context().runtime().root().toString()).matches(root);

    manager.stop();
  }

  private static SparkConf conf() {
    return new SparkConf(false)
        .set("spark.letsdata.s3.region", "us-east-1")
        .set("spark.letsdata.run.location", "s3://test/run");
  }
}
