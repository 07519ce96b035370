// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What whole exchanges cost in requests. RESULTS.md, "Requests of an exchange", has the figures.
 */
final class ExchangeRequestsTest {
  private static final double GET = 4e-7;

  @Test
  void twentyByTwentyOf118MegabytesDirect() throws IOException {
    try (SimulatedExchange exchange = new SimulatedExchange(20, 20, 118_000_000, 1)) {
      exchange.reduce();

      assertThat(exchange.store.puts).hasValue(20);
      assertThat(exchange.store.gets).hasValue(400);
    }
  }

  @Test
  void combinedTwentyByTwentyCostsWhatThePlanExpects() throws IOException {
    try (SimulatedExchange exchange = new SimulatedExchange(20, 20, 118_000_000, 1)) {
      ExchangePlan plan = combine(exchange, 20, 64 << 20);

      assertThat(exchange.store.puts).hasValue(20 + plan.chosen().puts());
      assertThat(exchange.store.gets).hasValue(plan.chosen().gets());
      assertThat(exchange.requests()).isLessThan(150);
    }
  }

  @Test
  void hundredByHundredCombinedIsFarBelowAFifthOfDirect() throws IOException {
    for (long bytes : new long[] {118_000_000, 1_000_000_000}) {
      try (SimulatedExchange exchange = new SimulatedExchange(100, 100, bytes, 8)) {
        ExchangePlan plan = combine(exchange, 100, 64 << 20);

        assertThat(exchange.store.puts).hasValue(100 + plan.chosen().puts());
        assertThat(exchange.store.gets).hasValue(plan.chosen().gets());
        assertThat(exchange.requests()).isLessThan((100 + 100 * 100) / 5);
      }
    }
  }

  /**
   * A quarter of the maps and of the partitions of Starling's example, and a sixteenth of its
   * bytes.
   */
  @Test
  void smallerShuffleOfStarlingsShapeReadsForLessThanItsPrice() throws IOException {
    try (SimulatedExchange exchange = new SimulatedExchange(1_280, 320, 1_250_000_000, 300)) {
      ExchangePlan plan = combine(exchange, 320, 64 << 20);

      assertThat(exchange.store.gets.get() * GET).as(plan.why()).isLessThan(0.073 / 4);
      assertThat(exchange.store.gets).hasValue(6_761);
    }
  }

  /** Starling's example at full size: over $5 without its combining stage, $0.073 with it. */
  @Test
  @EnabledIfSystemProperty(named = "letsdata.exchange.full", matches = "true")
  void starlingsWideShuffleReadsForLessThanItsPrice() throws IOException {
    starling(20_000_000_000L, 104_729);
  }

  /** And with twice the bytes. */
  @Test
  @EnabledIfSystemProperty(named = "letsdata.exchange.full", matches = "true")
  void starlingsWideShuffleOfTwiceTheBytesReadsForLessThanItsPrice() throws IOException {
    starling(40_000_000_000L, 145_439);
  }

  private static void starling(long bytes, long gets) throws IOException {
    try (SimulatedExchange exchange = new SimulatedExchange(5_120, 1_280, bytes, 300)) {
      ExchangePlan plan = combine(exchange, 1_280, 64 << 20);

      assertThat(exchange.store.gets.get() * GET).as(plan.why()).isLessThan(0.073);
      assertThat(exchange.store.gets).hasValue(gets);
    }
  }

  private static ExchangePlan combine(SimulatedExchange exchange, int tasks, int mergeBytes)
      throws IOException {
    ExchangeOptions options =
        new ExchangeOptions(
            ExchangeOptions.Mode.COMBINED,
            mergeBytes,
            ExchangeOptions.DEFAULT.mergeTimeout(),
            ExchangeOptions.DEFAULT.dollarsPerSecond());
    ExchangePlan plan = ExchangePlan.choose(exchange.shape(tasks), options, ExchangeHarness.PRICES);
    exchange.merge(plan);
    exchange.reduce();
    return plan;
  }
}
