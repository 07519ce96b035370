// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpResponse;

/** How far this machine's clock is from that of the one who answered. No state. */
final class ClockSkew {
  /** What the SDK takes for a wrong clock (its class of this name, 2.44); AWS refuses at 5 min. */
  private static final Duration WRONG = Duration.ofMinutes(4);

  private ClockSkew() {}

  /** By how much their clock is ahead of ours, to the second; empty when they did not say. */
  static Optional<Duration> ahead(SdkHttpResponse response) {
    String date = response.firstMatchingHeader("Date").orElse("");
    try {
      Instant theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(Instant.now(), theirs));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Whether a signature made by our clock is refused. */
  static boolean isWrong(Duration ahead) {
    return ahead.abs().compareTo(WRONG) >= 0;
  }
}
