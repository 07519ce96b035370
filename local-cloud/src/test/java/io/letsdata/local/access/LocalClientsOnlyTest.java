// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LocalClientsOnlyTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:80", "localhost:80", "LocalHost:80", "127.0.0.2:80", "[::1]:80"})
  void loopbackWithThePortIsAccepted(String host) {
    assertThat(LocalClientsOnly.problem(List.of(host), List.of(), 80)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:81",
        "evil.example:80",
        "127.0.0.1.evil.example:80",
        "localhost.evil.example:80",
        "192.0.2.1:80",
        "0.0.0.0:80",
        ""
      })
  void otherHostIsRefused(String host) {
    assertThat(LocalClientsOnly.problem(List.of(host), List.of(), 80))
        .contains("Host must be 127.0.0.1:80.");
  }

  @Test
  void requestWithoutHostOrWithTwoIsRefused() {
    assertThat(LocalClientsOnly.problem(List.of(), List.of(), 80)).isPresent();
    assertThat(LocalClientsOnly.problem(List.of("127.0.0.1:80", "evil.example"), List.of(), 80))
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:80", "http://evil.example", "null", ""})
  void anyOriginIsRefused(String origin) {
    assertThat(LocalClientsOnly.problem(List.of("127.0.0.1:80"), List.of(origin), 80))
        .contains("Requests with an Origin are refused.");
  }
}
