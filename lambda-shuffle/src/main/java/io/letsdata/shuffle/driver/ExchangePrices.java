// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.store.RequestCounts;

/**
 * What things cost, in dollars, and how fast they are.
 *
 * @param put one PUT
 * @param get one GET
 * @param invocation one request to the function; 0 without a function
 * @param functionSecond one second of one function of the size at hand; 0 without a function
 * @param slots tasks or merges that run at once, at least 1
 * @param requestSeconds from a GET to its first byte
 * @param requestsAtOnce GETs that one task has under way
 * @param bytesPerSecond that one function receives or sends
 * @param launchSeconds until a merge has begun and its answer is back
 */
public record ExchangePrices(
    double put,
    double get,
    double invocation,
    double functionSecond,
    int slots,
    double requestSeconds,
    int requestsAtOnce,
    double bytesPerSecond,
    double launchSeconds) {
  /** What S3 takes to the first byte: 20 ms. */
  public static final double REQUEST_SECONDS = 0.02;

  /** A function's network: 625 Mbps. */
  public static final double BYTES_PER_SECOND = 78e6;

  /** A warm invocation and its answer. */
  public static final double LAUNCH_SECONDS = 0.1;

  /** Refuses what could not be divided by. */
  public ExchangePrices {
    if (slots < 1 || requestsAtOnce < 1 || bytesPerSecond <= 0) {
      throw new IllegalArgumentException(
          "Invalid prices: " + slots + " slots, " + requestsAtOnce + " requests at once");
    }
  }

  /**
   * S3's list prices, for masters whose executors are there anyway.
   *
   * @param slots tasks at once, at least 1
   */
  public static ExchangePrices withoutFunction(int slots) {
    return of(RequestCounts.DOLLARS_A_WRITE_OR_LIST, RequestCounts.DOLLARS_A_READ, 0, 0, slots);
  }

  /** A function's prices; speeds are S3's and Lambda's. */
  public static ExchangePrices of(
      double put, double get, double invocation, double functionSecond, int slots) {
    return new ExchangePrices(
        put,
        get,
        invocation,
        functionSecond,
        slots,
        REQUEST_SECONDS,
        8,
        BYTES_PER_SECOND,
        LAUNCH_SECONDS);
  }

  /** Whether anything could merge. */
  boolean hasFunction() {
    return functionSecond > 0;
  }
}
