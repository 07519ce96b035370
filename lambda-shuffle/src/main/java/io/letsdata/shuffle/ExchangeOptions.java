package io.letsdata.shuffle;

import java.time.Duration;

/**
 * What the session says about combining. Immutable.
 *
 * @param mergeBytes of segments in one merged object, which is memory of one worker
 * @param mergeTimeout how long a reduce stage waits for merges
 * @param dollarsPerSecond what a second of the query is worth
 */
public record ExchangeOptions(
    Mode mode, int mergeBytes, Duration mergeTimeout, double dollarsPerSecond) {
  /** The cheapest plan, cells of 64 MiB, a minute, a hundredth of a cent a second. */
  public static final ExchangeOptions DEFAULT =
      new ExchangeOptions(Mode.AUTO, 64 << 20, Duration.ofSeconds(60), 0.0001);

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
