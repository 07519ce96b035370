// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.UserErrorException;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DriverAddressTest {
  private final SparkConf conf = new SparkConf(false);

  @Test
  void outerAddressThatNobodyChoseIsRefusedWithTheSettingsToSet() {
    conf.set("spark.driver.host", "192.0.2.2");

    assertThatThrownBy(() -> DriverAddress.check(conf, Optional.empty()))
        .isInstanceOf(UserErrorException.class)
        .hasMessage(
            "Cannot start: the driver listens on 192.0.2.2, where others can reach it, and no"
                + " worker connects to it. Set spark.driver.bindAddress and spark.driver.host to"
                + " 127.0.0.1, or spark.driver.bindAddress to the address that you want.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.1.1", "localhost", "[::1]", "::1"})
  void loopbackIsAccepted(String host) {
    conf.set("spark.driver.host", host);

    assertThatCode(() -> DriverAddress.check(conf, Optional.empty())).doesNotThrowAnyException();
    assertThat(DriverAddress.isLoopback(conf)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "192.0.2.2", "[::]"})
  void addressThatTheUserChoseIsAccepted(String address) {
    conf.set("spark.driver.host", "192.0.2.2").set("spark.driver.bindAddress", address);

    assertThatCode(() -> DriverAddress.check(conf, Optional.empty())).doesNotThrowAnyException();
    assertThat(DriverAddress.isLoopback(conf)).isFalse();
  }

  @Test
  void addressOfTheEnvironmentIsTheUsersChoice() {
    conf.set("spark.driver.host", "192.0.2.2");

    assertThatCode(() -> DriverAddress.check(conf, Optional.of("192.0.2.2")))
        .doesNotThrowAnyException();
  }

  @Test
  void bindAddressCountsBeforeTheNameForOthers() {
    conf.set("spark.driver.host", "192.0.2.2").set("spark.driver.bindAddress", "127.0.0.1");

    assertThat(DriverAddress.isLoopback(conf)).isTrue();
  }
}
