// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** In virtual time: durations are drawn, nothing waits. */
final class HedgingTest {
  private static final int BYTES = 256 << 10;
  private static final long MILLI = 1_000_000;

  /**
   * A store with a tail as published for S3 and 256 KB: about 14 ms, one in three hundred ten to a
   * hundred times that.
   */
  @Test
  void tailShrinksFourfoldForOnePercentMoreRequests() {
    int gets = 200_000;
    Random random = new Random(17);
    long[] plain = new long[gets];
    long[] hedged = new long[gets];

    try (Hedging hedging = new Hedging(0.01)) {
      for (int i = 0; i < gets; i++) {
        plain[i] = duration(random);
        hedged[i] = get(hedging, random, plain[i]);
      }

      assertThat(hedging.hedges()).isBetween(1L, gets / 100L);
    }
    assertThat(percentile(hedged, 0.9999) * 4).isLessThanOrEqualTo(percentile(plain, 0.9999));
    assertThat(percentile(hedged, 0.5)).isEqualTo(percentile(plain, 0.5));
  }

  @Test
  void storeThatIsSlowAltogetherGetsNoMoreThanItsShare() {
    Random random = new Random(18);
    try (Hedging hedging = new Hedging(0.01)) {
      for (int i = 0; i < 1_000; i++) {
        hedging.completed(BYTES, 10 * MILLI);
      }
      long before = hedging.hedges();
      for (int i = 0; i < 1_000; i++) {
        long unused = get(hedging, random, 5_000 * MILLI);
      }

      assertThat(hedging.hedges() - before).isLessThanOrEqualTo(1_000 / 100 + 5);
    }
  }

  @Test
  void nothingIsLateBeforeItsSizeIsKnownNorWithoutAShare() {
    try (Hedging hedging = new Hedging(0.01);
        Hedging off = new Hedging(0)) {
      for (int i = 0; i < 100; i++) {
        hedging.completed(16 << 20, 200 * MILLI);
        off.completed(BYTES, MILLI);
      }

      assertThat(hedging.lateAfterNanos(BYTES)).isEmpty();
      assertThat(hedging.lateAfterNanos(16 << 20)).hasValue(400 * MILLI);
      assertThat(off.lateAfterNanos(BYTES)).isEmpty();
    }
  }

  private static long get(Hedging hedging, Random random, long first) {
    OptionalLong late = hedging.lateAfterNanos(BYTES);
    long took = first;
    if (late.isPresent() && first > late.getAsLong() && hedging.take()) {
      took = Math.min(first, late.getAsLong() + duration(random));
    }
    hedging.completed(BYTES, took);
    return took;
  }

  private static long duration(Random random) {
    double usual = 14 * Math.exp(0.25 * random.nextGaussian());
    double millis = random.nextInt(300) == 0 ? usual * (10 + 90 * random.nextDouble()) : usual;
    return (long) (millis * MILLI);
  }

  private static long percentile(long[] values, double at) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) (sorted.length * at)];
  }
}
