// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void oneSecondsWorthFitsAtOnce() {
    RateLimit limit = new RateLimit(20, nanos::get);

    assertThat(taken(limit, 100)).isEqualTo(20);
  }

  @Test
  void roomComesBackWithTime() {
    RateLimit limit = new RateLimit(20, nanos::get);
    int unused = taken(limit, 100);

    nanos.addAndGet(500_000_000);

    assertThat(taken(limit, 100)).isEqualTo(10);
  }

  @Test
  void zeroIsNoLimit() {
    assertThat(taken(new RateLimit(0, nanos::get), 1000)).isEqualTo(1000);
  }

  @Test
  void environmentsStartAtOnceAndThenAsManyInTenSeconds() {
    RateLimit limit = RateLimit.ofTenSeconds(1_000, nanos::get);

    assertThat(taken(limit, 5_000)).isEqualTo(1_000);
    nanos.addAndGet(1_000_000_000L);
    assertThat(taken(limit, 5_000)).isEqualTo(100);
    nanos.addAndGet(60_000_000_000L);
    assertThat(taken(limit, 5_000)).isEqualTo(1_000);
  }

  private static int taken(RateLimit limit, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += limit.tryTake() ? 1 : 0;
    }
    return taken;
  }
}
