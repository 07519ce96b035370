// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The cost model at its boundaries, at list prices and a function of 2 GB. */
final class ExchangePlanTest {
  private static final ExchangePrices PRICES = ExchangeHarness.PRICES;
  private static final long MB = 1_000_000;

  @Test
  void nothingInTheStoreIsInlineWhateverIsSet() {
    for (ExchangeOptions.Mode mode : ExchangeOptions.Mode.values()) {
      ExchangePlan plan =
          ExchangePlan.choose(new ExchangeShape(0, 0, 0, 20, 20), options(mode, 0), PRICES);

      assertThat(plan.kind()).isEqualTo(ExchangePlan.Kind.INLINE);
      assertThat(plan.chosen()).isEqualTo(ExchangeCost.NOTHING);
    }
  }

  @Test
  void workedExampleHasTheNumbersOfTheJavadoc() {
    ExchangeShape shape = square(100, 118 * MB);

    ExchangePlan plan = auto(shape, 0.0001);

    assertThat(plan.why())
        .startsWith("combined in 2 x 2 cells: 400 GET, 4 PUT, 4 merges, $0.000381 and 1.02 s")
        .contains("direct would be 10000 GET, $0.004884 and 0.27 s");
    assertThat(plan.chosen().total(0.0001)).isCloseTo(0.000484, within(1e-6));
    assertThat(ExchangeCost.direct(shape, PRICES).total(0.0001)).isCloseTo(0.004910, within(1e-6));
    assertThat(auto(shape, 0.01).why())
        .startsWith("combined in 9 x 5 cells: 1400 GET, 45 PUT, 45 merges, $0.001242 and 0.25 s");
  }

  @Test
  void twentyByTwentyIsDecidedByWhatASecondIsWorth() {
    ExchangeShape shape = square(20, 118 * MB);

    ExchangePlan hurried = auto(shape, 0.0001);
    ExchangePlan frugal = auto(shape, 0);

    assertThat(hurried.kind()).isEqualTo(ExchangePlan.Kind.DIRECT);
    assertThat(hurried.chosen().gets()).isEqualTo(400);
    assertThat(hurried.chosen().puts()).isZero();
    assertThat(frugal.kind()).isEqualTo(ExchangePlan.Kind.COMBINED);
    assertThat(frugal.chosen().dollars()).isLessThan(hurried.chosen().dollars());
    assertThat(frugal.chosen().seconds()).isGreaterThan(hurried.chosen().seconds());
  }

  @Test
  void twentyByTwentyWhenForcedIsBelowAHundredRequests() {
    ExchangePlan plan =
        ExchangePlan.choose(
            square(20, 118 * MB), options(ExchangeOptions.Mode.COMBINED, 0.0001), PRICES);

    assertThat(plan.kind()).isEqualTo(ExchangePlan.Kind.COMBINED);
    assertThat(plan.chosen().gets() + plan.chosen().puts()).isLessThan(130);
    assertThat(plan.why())
        .contains("direct would be 400 GET")
        .contains("a second counts $0.000100")
        .endsWith("as set");
  }

  @Test
  void hundredByHundredIsCombinedForAtMostAFifthOfTheRequests() {
    for (long bytes : new long[] {118 * MB, 1_000 * MB}) {
      ExchangePlan plan = auto(square(100, bytes), ExchangeOptions.DEFAULT.dollarsPerSecond());

      assertThat(plan.kind()).as(plan.why()).isEqualTo(ExchangePlan.Kind.COMBINED);
      assertThat(plan.chosen().gets() + plan.chosen().puts()).isLessThanOrEqualTo(2_000);
    }
  }

  @Test
  void fewTasksAfterCoalescingReadDirectly() {
    ExchangeShape coalesced = new ExchangeShape(100, 10_000, 118 * MB, 100, 3);

    ExchangePlan plan = auto(coalesced, ExchangeOptions.DEFAULT.dollarsPerSecond());

    assertThat(plan.kind()).isEqualTo(ExchangePlan.Kind.DIRECT);
    assertThat(plan.chosen().gets()).isEqualTo(300);
    assertThat(plan.why()).startsWith("direct: 300 GET").contains("combined would be");
  }

  @Test
  void largeSegmentsAreNotWorthMoving() {
    ExchangePlan plan = auto(square(100, 100_000 * MB), 0.0001);

    assertThat(plan.kind()).isEqualTo(ExchangePlan.Kind.DIRECT);
  }

  @Test
  void directWhenSetAndWhenThereIsNothingToCombine() {
    ExchangePlan set =
        ExchangePlan.choose(
            square(100, 118 * MB), options(ExchangeOptions.Mode.DIRECT, 0.0001), PRICES);
    ExchangePlan single =
        ExchangePlan.choose(
            new ExchangeShape(1, 100, 118 * MB, 100, 100),
            options(ExchangeOptions.Mode.COMBINED, 0.0001),
            PRICES);

    assertThat(set.kind()).isEqualTo(ExchangePlan.Kind.DIRECT);
    assertThat(set.why()).endsWith("as set");
    assertThat(single.kind()).isEqualTo(ExchangePlan.Kind.DIRECT);
    assertThat(single.why()).endsWith("there is one map output");
  }

  @Test
  void starlingsExampleIsCutIntoCellsThatFitAWorker() {
    ExchangeShape shape = new ExchangeShape(5_120, 5_120L * 1_280, 20_000 * MB, 1_280, 1_280);

    ExchangePlan plan = auto(shape, ExchangeOptions.DEFAULT.dollarsPerSecond());

    assertThat(plan.kind()).isEqualTo(ExchangePlan.Kind.COMBINED);
    assertThat(20_000 * MB / plan.groups() / plan.ranges()).isLessThanOrEqualTo(64 << 20);
    assertThat(plan.chosen().gets() * 4e-7).as(plan.why()).isLessThan(0.073);
  }

  @Test
  void outputsThatWereNotMergedInTimeAreReadDirectly() {
    ExchangeShape shape = new ExchangeShape(5_120, 5_120L * 1_280, 20_000 * MB, 1_280, 1_280);
    ExchangePrices eightSlots =
        ExchangePrices.of(
            PRICES.put(), PRICES.get(), PRICES.invocation(), PRICES.functionSecond(), 8);
    ExchangeOptions patient = ExchangeOptions.DEFAULT;

    ExchangePlan plan = ExchangePlan.choose(shape, patient, eightSlots);
    double needed = plan.chosen().mergeSeconds();
    assertThat(plan.kind()).isEqualTo(ExchangePlan.Kind.COMBINED);
    assertThat(needed).isBetween(30.0, 300.0);
    assertThat(plan.mergeWait(patient.mergeTimeout()).toSeconds()).isGreaterThan((long) needed);
    assertThat(plan.mergeWait(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(10));

    for (ExchangeOptions.Mode mode :
        new ExchangeOptions.Mode[] {ExchangeOptions.Mode.AUTO, ExchangeOptions.Mode.COMBINED}) {
      ExchangeOptions hasty =
          new ExchangeOptions(mode, patient.mergeBytes(), Duration.ofSeconds(10), 0.0001);
      ExchangePlan direct = ExchangePlan.choose(shape, hasty, eightSlots);
      assertThat(direct.kind()).isEqualTo(ExchangePlan.Kind.DIRECT);
      assertThat(direct.why()).endsWith("merging would take longer than 10 s");
    }
  }

  @Test
  void largeExchangeNeedsTheGetsOfItsBytes() {
    ExchangeCost cost = ExchangeCost.direct(new ExchangeShape(1, 1, 1L << 30, 1, 1), PRICES);

    assertThat(cost.gets()).isEqualTo(64);
  }

  @Test
  void withoutAFunctionOnlyRequestsCostAndNothingIsCombined() {
    ExchangePlan plan =
        ExchangePlan.choose(
            square(100, 118 * MB), ExchangeOptions.DEFAULT, ExchangePrices.withoutFunction(4));

    assertThat(plan.kind()).isEqualTo(ExchangePlan.Kind.DIRECT);
    assertThat(plan.chosen().dollars()).isEqualTo(10_000 * 0.0004 / 1_000);
    assertThat(plan.why()).endsWith("there is no function that could merge");
  }

  private static ExchangeShape square(int side, long bytes) {
    return new ExchangeShape(side, (long) side * side, bytes, side, side);
  }

  private static ExchangePlan auto(ExchangeShape shape, double dollarsPerSecond) {
    return ExchangePlan.choose(shape, options(ExchangeOptions.Mode.AUTO, dollarsPerSecond), PRICES);
  }

  private static ExchangeOptions options(ExchangeOptions.Mode mode, double dollarsPerSecond) {
    return new ExchangeOptions(mode, 64 << 20, Duration.ofSeconds(60), dollarsPerSecond);
  }
}
