// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import java.time.Duration;

/**
 * What the session says about combining. Immutable.
 *
 * @param mergeBytes of segments in one merged object, which is memory of one worker
 * @param mergeTimeout the longest that a reduce stage waits for merges; see {@link
 *     ExchangePlan#mergeWait}
 * @param dollarsPerSecond what a second of the query is worth
 */
public record ExchangeOptions(
    Mode mode, int mergeBytes, Duration mergeTimeout, double dollarsPerSecond) {
  /** The cheapest plan, cells of 64 MiB, ten minutes, a hundredth of a cent a second. */
  public static final ExchangeOptions DEFAULT =
      new ExchangeOptions(Mode.AUTO, 64 << 20, Duration.ofMinutes(10), 0.0001);

  /** Which plan. */
  public enum Mode {
    /** The cheapest. */
    AUTO,
    /** Never merged objects. */
    DIRECT,
    /** Merged objects wherever there are two map outputs to merge. */
    COMBINED
  }
}
