// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpResponse;

/** The difference between this machine's clock and that of a server. No state. */
final class ClockSkew {
  /** From here the SDK corrects a clock (its class of this name, 2.44); AWS refuses at 5 min. */
  private static final Duration WRONG = Duration.ofMinutes(4);

  private ClockSkew() {}

  /** How far the server's clock is ahead, to the second; empty without a Date header. */
  static Optional<Duration> ahead(SdkHttpResponse response) {
    String date = response.firstMatchingHeader("Date").orElse("");
    try {
      Instant server = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(Instant.now(), server));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Whether AWS would refuse a signature with the time of this clock. */
  static boolean isWrong(Duration ahead) {
    return ahead.abs().compareTo(WRONG) >= 0;
  }
}
