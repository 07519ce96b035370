// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.options.Internal;
import io.letsdata.store.RequestCounts;

/**
 * Prices of an exchange in dollars, and the speeds that make its duration.
 *
 * @param put one PUT
 * @param get one GET
 * @param invocation one request to the function; 0 without a function
 * @param functionSecond one second of one function of the size at hand; 0 without a function
 * @param speeds of the store and the tasks
 */
@Internal
public record ExchangePrices(
    double put, double get, double invocation, double functionSecond, ExchangeSpeeds speeds) {
  /**
   * S3's list prices, for masters whose executors are there anyway.
   *
   * @param slots tasks at once, at least 1
   */
  public static ExchangePrices withoutFunction(int slots) {
    return new ExchangePrices(
        RequestCounts.DOLLARS_A_WRITE_OR_LIST,
        RequestCounts.DOLLARS_A_READ,
        0,
        0,
        ExchangeSpeeds.of(slots));
  }

  /** A function's prices, with the speeds of S3 and Lambda; {@code slots} tasks at once. */
  public static ExchangePrices of(
      double put, double get, double invocation, double functionSecond, int slots) {
    return new ExchangePrices(put, get, invocation, functionSecond, ExchangeSpeeds.of(slots));
  }

  /** Whether there is a function that could merge. */
  boolean hasFunction() {
    return functionSecond > 0;
  }
}
