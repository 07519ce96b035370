// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TimeLimitTest {
  private final TimeLimit limit = new TimeLimit(Duration.ofSeconds(60));

  @Test
  void limitOnlyGrowsAndNoFurtherThanLambdasHighest() {
    limit.raise(Duration.ofSeconds(30));
    assertThat(limit.current()).isEqualTo(Duration.ofSeconds(60));

    limit.raise(Duration.ofSeconds(300));
    assertThat(limit.current()).isEqualTo(Duration.ofSeconds(300));

    limit.raise(Duration.ofDays(1));
    assertThat(limit.current()).isEqualTo(Duration.ofSeconds(900));
  }

  @Test
  void longestLifeGrowsWithTheLimit() {
    assertThat(limit.aliveAtMost()).isEqualTo(Duration.ofSeconds(75));

    limit.raise(Duration.ofSeconds(120));

    assertThat(limit.aliveAtMost()).isEqualTo(Duration.ofSeconds(135));
  }

  @Test
  void longerLimitOfTheSessionStays() {
    TimeLimit hour = new TimeLimit(Duration.ofHours(1));

    hour.raise(Duration.ofHours(2));

    assertThat(hour.current()).isEqualTo(Duration.ofHours(1));
  }
}
