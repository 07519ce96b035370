// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.options.Internal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How the outputs of one map stage reach the reduce tasks: the cheapest way, in dollars for
 * requests and functions and in expected seconds at a price. Immutable.
 *
 * <p>Example: 100 map outputs and 100 reduce tasks exchange 118 MB on 100 slots, at S3's list
 * prices and a function of 2 GB; a second of the query is worth $0.0001.
 *
 * <ul>
 *   <li>Direct: 100 x 100 = 10,000 GETs, $0.004884 and 0.27 s, in total $0.004910.
 *   <li>Combined in 2 x 2 cells: each of the 4 merges reads from 50 map outputs, 200 GETs together,
 *       and stores one object; each task reads from 2 merged objects, 200 GETs. That is $0.000381
 *       and 1.02 s, in total $0.000484: this plan is chosen.
 *   <li>At a worth of $0.01 a second, 9 x 5 smaller cells are chosen: 1,400 GETs and 45 PUTs,
 *       $0.001242 and 0.25 s.
 * </ul>
 *
 * @param groups of map outputs that are merged together; 0 unless combined
 * @param ranges of reduce partitions into which a group is cut; 0 unless combined
 * @param mergeBytes the most that one merge may put into its object
 * @param chosen the cost of this plan
 * @param why one sentence for the log
 */
@Internal
public record ExchangePlan(
    Kind kind, int groups, int ranges, int mergeBytes, ExchangeCost chosen, String why) {
  /** More ranges than this would cost more GETs than they could save. */
  private static final int MAX_RANGES = 1_024;

  /**
   * How full a cell is on average: the driver plans with sums, and segments that a cell cannot hold
   * are read directly.
   */
  private static final double FILLED = 0.9;

  /** The kinds of plans. */
  public enum Kind {
    /** Every output is in the driver's memory. */
    INLINE,
    /** Each task fetches from each map output. */
    DIRECT,
    /** Merges put several map outputs into one object first. */
    COMBINED
  }

  /** Cold starts, and a store or a function that is slower than expected. */
  private static final Duration SLACK = Duration.ofSeconds(30);

  private record Grid(int groups, int ranges, ExchangeCost cost) {}

  /** Compares all plans. No request. */
  public static ExchangePlan choose(
      ExchangeShape shape, ExchangeOptions options, ExchangePrices prices) {
    if (shape.storedMaps() == 0) {
      return new ExchangePlan(
          Kind.INLINE, 0, 0, 0, ExchangeCost.NOTHING, "inline: no map output is in the store");
    }
    ExchangeCost direct = ExchangeCost.direct(shape, prices);
    if (options.mode() == ExchangeOptions.Mode.DIRECT) {
      return direct(direct, "as set");
    }
    if (!prices.hasFunction()) {
      return direct(direct, "there is no function that could merge");
    }
    Optional<Grid> best = best(shape, options, prices);
    if (best.isEmpty()) {
      return direct(
          direct,
          shape.storedMaps() < 2
              ? "there is one map output"
              : "no cell of "
                  + options.mergeBytes()
                  + " bytes holds several map outputs, or merging would take longer than "
                  + options.mergeTimeout().toSeconds()
                  + " s");
    }
    Grid grid = best.get();
    double price = options.dollarsPerSecond();
    boolean forced = options.mode() == ExchangeOptions.Mode.COMBINED;
    if (!forced && direct.total(price) <= grid.cost.total(price)) {
      return direct(
          direct, String.format(Locale.ROOT, "combined would be %s%s", grid.cost, priced(price)));
    }
    return new ExchangePlan(
        Kind.COMBINED,
        grid.groups,
        grid.ranges,
        options.mergeBytes(),
        grid.cost,
        String.format(
            Locale.ROOT,
            "combined in %d x %d cells: %s; direct would be %s%s%s",
            grid.groups,
            grid.ranges,
            grid.cost,
            direct,
            priced(price),
            forced ? ", as set" : ""));
  }

  /**
   * How long a stage waits for its merges: twice their expected duration and 30 seconds, at most
   * the option's limit. A merge that has not ended by then hangs or was lost.
   */
  public Duration mergeWait(Duration limit) {
    Duration patience = SLACK.plusMillis((long) (2_000 * chosen.mergeSeconds()));
    return patience.compareTo(limit) < 0 ? patience : limit;
  }

  private static String priced(double dollarsPerSecond) {
    return String.format(Locale.ROOT, " (a second counts $%.6f)", dollarsPerSecond);
  }

  private static ExchangePlan direct(ExchangeCost cost, String reason) {
    return new ExchangePlan(Kind.DIRECT, 0, 0, 0, cost, "direct: " + cost + "; " + reason);
  }

  /**
   * The cheapest grid whose cells are small enough and merged in time; empty when there is none, or
   * a cell would hold one output.
   */
  private static Optional<Grid> best(
      ExchangeShape shape, ExchangeOptions options, ExchangePrices prices) {
    Grid best = null;
    for (int ranges = 1; ranges <= Math.min(shape.partitions(), MAX_RANGES); ranges++) {
      double least = Math.ceil(shape.storedBytes() / (options.mergeBytes() * FILLED) / ranges);
      // Smaller cells than necessary cost requests and save time.
      for (double groups = Math.max(1, least);
          2 * groups <= shape.storedMaps();
          groups = Math.ceil(groups * 1.25)) {
        ExchangeCost cost = ExchangeCost.combined(shape, prices, (int) groups, ranges);
        double total = cost.total(options.dollarsPerSecond());
        if (cost.mergeSeconds() > options.mergeTimeout().toSeconds()) {
          continue;
        }
        if (best == null || total < best.cost.total(options.dollarsPerSecond())) {
          best = new Grid((int) groups, ranges, cost);
        }
      }
    }
    return Optional.ofNullable(best);
  }
}
