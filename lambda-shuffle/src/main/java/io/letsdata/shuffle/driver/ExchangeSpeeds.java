// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.options.Internal;

/**
 * How fast the store and the tasks of an exchange are.
 *
 * @param slots tasks or merges that run at once, at least 1
 * @param requestSeconds from a GET to its first byte
 * @param requestsAtOnce GETs that one task has under way
 * @param bytesPerSecond that one function receives or sends
 * @param launchSeconds from the start of a merge until its response has arrived, without its work
 */
@Internal
public record ExchangeSpeeds(
    int slots,
    double requestSeconds,
    int requestsAtOnce,
    double bytesPerSecond,
    double launchSeconds) {
  /** S3's time to the first byte: 20 ms. */
  public static final double REQUEST_SECONDS = 0.02;

  /** A function's network: 625 Mbps. */
  public static final double BYTES_PER_SECOND = 78e6;

  /** A warm invocation and its response. */
  public static final double LAUNCH_SECONDS = 0.1;

  private static final int REQUESTS_AT_ONCE = 8;

  /** Refuses values that cannot be divided by. */
  public ExchangeSpeeds {
    if (slots < 1 || requestsAtOnce < 1 || bytesPerSecond <= 0) {
      throw new IllegalArgumentException(
          "Invalid speeds: " + slots + " slots, " + requestsAtOnce + " requests at once");
    }
  }

  /** The speeds of S3 and of Lambda, with so many tasks at once. */
  public static ExchangeSpeeds of(int slots) {
    return new ExchangeSpeeds(
        slots, REQUEST_SECONDS, REQUESTS_AT_ONCE, BYTES_PER_SECOND, LAUNCH_SECONDS);
  }
}
