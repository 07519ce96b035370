// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.account;

import io.letsdata.options.Evolving;
import io.letsdata.store.RequestCounts;
import java.util.Locale;

/**
 * The resources that a run has used so far, and their cost at list price. Immutable.
 *
 * @param tasks task attempts that ended, failed ones included
 * @param invocations invocations that ran, billed or not
 * @param coldStarts invocations that had to start an environment
 * @param retriedInvocations requests sent again after throttling or a service error
 * @param gigabyteSeconds billed duration times configured memory
 * @param driverRequests S3 requests of the driver's process since the application started
 * @param workerRequests S3 requests of the workers, through our own store; those of {@code s3a://}
 *     are not counted
 * @param lambdaDollars invocations and GB-seconds at list price
 * @param s3Dollars requests at list price
 * @param merges the part of all this that merges of shuffle outputs used
 */
@Evolving
public record RunReport(
    long tasks,
    long invocations,
    long coldStarts,
    long retriedInvocations,
    double gigabyteSeconds,
    RequestCounts driverRequests,
    RequestCounts workerRequests,
    double lambdaDollars,
    double s3Dollars,
    MergeTotals merges) {

  /** Lambda and S3 together. */
  public double dollars() {
    return lambdaDollars + s3Dollars;
  }

  /** The report as a few lines of text, without a final newline. */
  public String render() {
    RequestCounts all = driverRequests.plus(workerRequests);
    return String.format(
        Locale.ROOT,
        "Tasks          %,d%n"
            + "Invocations    %,d (%d cold starts, %d sent again)%n"
            + "GB-seconds     %.1f%n"
            + "S3 requests    %s%n"
            + "  driver       %s%n"
            + "  workers      %s%n"
            + "S3 bytes       %,d read, %,d written%n"
            + "Cost           $%.6f (Lambda $%.6f, S3 $%.6f)%s",
        tasks,
        invocations,
        coldStarts,
        retriedInvocations,
        gigabyteSeconds,
        line(all),
        line(driverRequests),
        line(workerRequests),
        all.bytesIn(),
        all.bytesOut(),
        dollars(),
        lambdaDollars,
        s3Dollars,
        renderMerges());
  }

  private String renderMerges() {
    return merges.invocations() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "%n  merges       $%.6f (%d of %d merged, %d PUT, %d GET)",
            merges.dollars(),
            merges.merged(),
            merges.invocations(),
            merges.requests().put(),
            merges.requests().get());
  }

  private static String line(RequestCounts c) {
    return String.format(
        Locale.ROOT,
        "%d PUT, %d GET, %d HEAD, %d LIST, %d POST, %d DELETE",
        c.put(),
        c.get(),
        c.head(),
        c.list(),
        c.post(),
        c.delete());
  }
}
