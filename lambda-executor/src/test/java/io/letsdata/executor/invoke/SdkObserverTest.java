// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpResponse;

final class SdkObserverTest {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final DirectLambdaClient.SdkObserver observer = new DirectLambdaClient.SdkObserver();
  private final long first = System.nanoTime();
  private final long second = first + 1;

  @Test
  void lateResponseToAnEarlierRequestDoesNotResetTheClock() {
    observer.responded(ahead(Duration.ofMinutes(10)), second);

    observer.responded(ahead(Duration.ZERO), first);

    assertThat(offset()).isGreaterThan(Duration.ofMinutes(9));
  }

  @Test
  void laterResponseResetsTheClock() {
    observer.responded(ahead(Duration.ofMinutes(10)), first);

    observer.responded(ahead(Duration.ZERO), second);

    assertThat(offset()).isLessThan(Duration.ofMinutes(9));
  }

  private Duration offset() {
    return Duration.between(Instant.now(), observer.clock().instant());
  }

  private static SdkHttpResponse ahead(Duration ahead) {
    return SdkHttpResponse.builder()
        .statusCode(403)
        .putHeader("Date", DATE.format(Instant.now().plus(ahead)))
        .build();
  }
}
