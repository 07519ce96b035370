// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TimeLimitTest {
  private final TimeLimit limit = new TimeLimit(Duration.ofMinutes(1));

  @Test
  void limitOnlyGrowsAndNoFurtherThanLambdasHighest() {
    limit.raise(Duration.ofSeconds(30));
    assertThat(limit.current()).isEqualTo(Duration.ofMinutes(1));

    limit.raise(Duration.ofMinutes(5));
    assertThat(limit.current()).isEqualTo(Duration.ofMinutes(5));

    limit.raise(Duration.ofDays(1));
    assertThat(limit.current()).isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void longestLifeGrowsWithTheLimit() {
    assertThat(limit.aliveAtMost()).isEqualTo(Duration.ofSeconds(75));

    limit.raise(Duration.ofMinutes(2));

    assertThat(limit.aliveAtMost()).isEqualTo(Duration.ofSeconds(135));
  }

  @Test
  void longerLimitOfTheSessionStays() {
    TimeLimit hour = new TimeLimit(Duration.ofHours(1));

    hour.raise(Duration.ofHours(2));

    assertThat(hour.current()).isEqualTo(Duration.ofHours(1));
  }
}
