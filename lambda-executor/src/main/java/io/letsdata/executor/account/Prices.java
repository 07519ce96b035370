// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.account;

import io.letsdata.executor.settings.Architecture;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.options.Internal;
import io.letsdata.shuffle.driver.ExchangePrices;
import io.letsdata.store.RequestCounts;

/**
 * AWS list prices of us-east-1 (aws.amazon.com/lambda/pricing, aws.amazon.com/s3/pricing, read
 * 2026). Pure.
 */
@Internal
public final class Prices {
  private static final double X86_GB_SECOND = 0.0000166667;
  private static final double ARM_GB_SECOND = 0.0000133334;
  private static final double LAMBDA_REQUEST = 0.20 / 1_000_000;

  private Prices() {}

  /** Dollars for invocations. */
  public static double lambda(double gigabyteSeconds, long invocations, Architecture architecture) {
    double rate = architecture == Architecture.ARM64 ? ARM_GB_SECOND : X86_GB_SECOND;
    return gigabyteSeconds * rate + invocations * LAMBDA_REQUEST;
  }

  /** Dollars for S3 requests; deletes are free, bytes within a region too. */
  public static double s3(RequestCounts requests) {
    return requests.dollars();
  }

  /**
   * The prices by which an exchange is planned; a function of unknown memory counts as 2 GB.
   *
   * @param slots number of concurrent invocations
   */
  public static ExchangePrices exchange(FunctionInfo function, int slots) {
    double gigabytes = (function.memoryMb() == 0 ? 2_048 : function.memoryMb()) / 1024.0;
    return ExchangePrices.of(
        RequestCounts.DOLLARS_A_WRITE_OR_LIST,
        RequestCounts.DOLLARS_A_READ,
        LAMBDA_REQUEST,
        lambda(gigabytes, 0, function.architecture()),
        slots);
  }
}
