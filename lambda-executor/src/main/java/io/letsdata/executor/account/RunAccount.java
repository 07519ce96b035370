// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.account;

import io.letsdata.executor.settings.Architecture;
import io.letsdata.store.RequestCounts;
import java.util.Optional;
import java.util.function.Supplier;

/** Adds up what an application's invocations took. Thread-safe. */
public final class RunAccount {
  private final Supplier<RequestCounts> driverRequests;
  private final RequestCounts atStart;
  private Architecture architecture = Architecture.X86_64;
  private long tasks;
  private long invocations;
  private long coldStarts;
  private long sentAgain;
  private double gigabyteSeconds;
  private RequestCounts workers = RequestCounts.ZERO;
  private long merges;
  private long merged;
  private double mergeGigabyteSeconds;
  private RequestCounts mergeRequests = RequestCounts.ZERO;

  /**
   * Starts at zero.
   *
   * @param driverRequests S3 requests of this process so far
   */
  public RunAccount(Supplier<RequestCounts> driverRequests) {
    this.driverRequests = driverRequests;
    this.atStart = driverRequests.get();
  }

  /** What the function costs by; decides the price of a GB-second. */
  public synchronized void architecture(Architecture value) {
    architecture = value;
  }

  /** One invocation ran; without a report its duration is unknown and counts as nothing. */
  public synchronized void invoked(Optional<InvocationReport> report) {
    invocations++;
    report.ifPresent(
        r -> {
          gigabyteSeconds += r.gigabyteSeconds();
          if (r.init().isPresent()) {
            coldStarts++;
          }
        });
  }

  /** A request was sent again because the first ran nothing, or may not have. */
  public synchronized void sentAgain() {
    sentAgain++;
  }

  /** S3 requests that a worker reported. */
  public synchronized void requested(RequestCounts requests) {
    workers = workers.plus(requests);
  }

  /**
   * An invocation stored a merged shuffle object; it and its requests count beside, and as, all
   * others.
   */
  public synchronized void merged(Optional<InvocationReport> report, RequestCounts requests) {
    merged++;
    mergeFailed(report, requests);
  }

  /** An invocation that should have merged did not. */
  public synchronized void mergeFailed(Optional<InvocationReport> report, RequestCounts requests) {
    merges++;
    mergeRequests = mergeRequests.plus(requests);
    report.ifPresent(r -> mergeGigabyteSeconds += r.gigabyteSeconds());
  }

  /** A task attempt ended, well or not. */
  public synchronized void taskEnded() {
    tasks++;
  }

  /** Everything so far. */
  public synchronized RunReport report() {
    RequestCounts driver = driverRequests.get().minus(atStart);
    return new RunReport(
        tasks,
        invocations,
        coldStarts,
        sentAgain,
        gigabyteSeconds,
        driver,
        workers,
        Prices.lambda(gigabyteSeconds, invocations, architecture),
        Prices.s3(driver.plus(workers)),
        new MergeTotals(
            merges,
            merged,
            mergeGigabyteSeconds,
            mergeRequests,
            Prices.lambda(mergeGigabyteSeconds, merges, architecture) + Prices.s3(mergeRequests)));
  }
}
