// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.options.Internal;
import java.time.Duration;

/**
 * The session's settings for combining map outputs. Immutable.
 *
 * @param mergeBytes of segments in one merged object, which is memory of one worker
 * @param mergeTimeout the longest that a reduce stage waits for merges; see {@link
 *     ExchangePlan#mergeWait}
 * @param dollarsPerSecond the worth of one second of the query
 */
@Internal
public record ExchangeOptions(
    Mode mode, int mergeBytes, Duration mergeTimeout, double dollarsPerSecond) {
  /** The cheapest plan, cells of 64 MiB, ten minutes, a hundredth of a cent a second. */
  public static final ExchangeOptions DEFAULT =
      new ExchangeOptions(Mode.AUTO, 64 << 20, Duration.ofMinutes(10), 0.0001);

  /** The plan to choose. */
  public enum Mode {
    /** The cheapest. */
    AUTO,
    /** No merged objects. */
    DIRECT,
    /** Merged objects wherever there are two map outputs to merge. */
    COMBINED
  }
}
