// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.options.Internal;
import java.util.Locale;

/**
 * The expected cost of an exchange from the end of its map stage on.
 *
 * @param gets by reduce tasks and merges
 * @param puts by merges
 * @param invocations for merges
 * @param functionSeconds of merges, and of reduce tasks while they fetch
 * @param mergeSeconds until all merges have ended, if all slots are free
 * @param seconds of the query, if all slots are free; those of merges included
 * @param dollars for requests, invocations and function seconds
 */
@Internal
public record ExchangeCost(
    long gets,
    long puts,
    long invocations,
    double functionSeconds,
    double mergeSeconds,
    double seconds,
    double dollars) {

  /** No request. */
  static final ExchangeCost NOTHING = new ExchangeCost(0, 0, 0, 0, 0, 0, 0);

  /** A range up to this is one GET. */
  private static final double REQUEST_BYTES = 16 << 20;

  /** Each task fetches from every map output that has anything for it. */
  static ExchangeCost direct(ExchangeShape shape, ExchangePrices prices) {
    long gets = gets((double) shape.storedMaps() * shape.tasks(), shape);
    return reading(gets, shape, prices);
  }

  /**
   * {@code groups} times {@code ranges} merges, each reading one range of each output of its group;
   * then each task fetches from every group.
   */
  static ExchangeCost combined(ExchangeShape shape, ExchangePrices prices, int groups, int ranges) {
    double cells = (double) groups * ranges;
    long mergeGets = gets((double) shape.storedMaps() * ranges, shape);
    double seconds =
        requestSeconds(mergeGets, prices)
            + 2 * shape.storedBytes() / prices.speeds().bytesPerSecond()
            + cells * (prices.speeds().launchSeconds() + prices.speeds().requestSeconds());
    double wall = seconds / cells * Math.ceil(cells / prices.speeds().slots());
    // A task of several partitions may need two ranges; all together at most one more each.
    double joined = shape.tasks() < shape.partitions() ? ranges - 1 : 0;
    ExchangeCost read = reading(gets(groups * (shape.tasks() + joined), shape), shape, prices);
    return new ExchangeCost(
        read.gets + mergeGets,
        (long) cells,
        (long) cells,
        read.functionSeconds + seconds,
        wall,
        read.seconds + wall,
        read.dollars
            + mergeGets * prices.get()
            + cells * (prices.put() + prices.invocation())
            + seconds * prices.functionSecond());
  }

  private static ExchangeCost reading(long gets, ExchangeShape shape, ExchangePrices prices) {
    double seconds =
        requestSeconds(gets, prices) + shape.storedBytes() / prices.speeds().bytesPerSecond();
    double atOnce = Math.max(1, Math.min(shape.tasks(), prices.speeds().slots()));
    return new ExchangeCost(
        gets,
        0,
        0,
        seconds,
        0,
        seconds / atOnce,
        gets * prices.get() + seconds * prices.functionSecond());
  }

  private static double requestSeconds(long gets, ExchangePrices prices) {
    return gets * prices.speeds().requestSeconds() / prices.speeds().requestsAtOnce();
  }

  /** No more than there are segments, no fewer than their bytes need. */
  private static long gets(double ranges, ExchangeShape shape) {
    double least = Math.ceil(shape.storedBytes() / REQUEST_BYTES);
    return (long) Math.max(least, Math.min((double) shape.segments(), ranges));
  }

  /** Dollars with the query's time counted in. */
  public double total(double dollarsPerSecond) {
    return dollars + seconds * dollarsPerSecond;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d GET%s, $%.6f and %.2f s",
        gets,
        puts == 0 ? "" : ", " + puts + " PUT, " + invocations + " merges",
        dollars,
        seconds);
  }
}
