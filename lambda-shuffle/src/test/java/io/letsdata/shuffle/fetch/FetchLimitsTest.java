// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FetchLimitsTest {
  private static final long MEGABYTE = 1 << 20;

  @Test
  void fewBytesInFlightAllowMoreRequests() {
    FetchLimits limits = FetchLimits.of(8, 48 * MEGABYTE);

    assertThat(limits.requestsAt(0)).isEqualTo(32);
    assertThat(limits.requestsAt(4 * MEGABYTE - 1)).isEqualTo(32);
    assertThat(limits.requestsAt(4 * MEGABYTE)).isEqualTo(8);
  }

  /**
   * In virtual time: a store that answers after 20 ms, a network of 78 MB/s, a consumer that is
   * never in the way. How long a hundred megabytes take with so many requests at once.
   */
  @ParameterizedTest
  @CsvSource({"16, 0.30", "64, 0.35", "256, 1.0", "1024, 1.0"})
  void smallBlocksGainWhatLatencyTookAndLargeOnesLoseNothing(int kilobytes, double atMost) {
    int bytes = kilobytes << 10;
    int blocks = (int) (100 * MEGABYTE / bytes);

    double plain = seconds(bytes, blocks, FetchLimits.of(8, 48 * MEGABYTE), false);
    double adapted = seconds(bytes, blocks, FetchLimits.of(8, 48 * MEGABYTE), true);

    assertThat(adapted / plain).isBetween(0.2, atMost);
  }

  private static double seconds(int bytes, int blocks, FetchLimits limits, boolean adapts) {
    double latency = 0.02;
    double transfer = bytes / 78e6;
    double networkFreeAt = 0;
    double[] endOf = new double[blocks];
    for (int i = 0; i < blocks; i++) {
      int atOnce = limits.requests();
      while (adapts && atOnce < limits.requestsAt((long) atOnce * bytes)) {
        atOnce++;
      }
      double began = i < atOnce ? 0 : endOf[i - atOnce];
      networkFreeAt = Math.max(networkFreeAt, began + latency) + transfer;
      endOf[i] = networkFreeAt;
    }
    return endOf[blocks - 1];
  }

  @Test
  void boundsUnderWhichNothingCouldMoveAreRefused() {
    assertThatThrownBy(() -> new FetchLimits(0, 100, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Invalid fetch limits: 0 requests");
    assertThatThrownBy(() -> new FetchLimits(1, 100, 51))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("51 bytes");
  }
}
