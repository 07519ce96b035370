// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.account;

import io.letsdata.executor.settings.Architecture;
import io.letsdata.options.Internal;
import io.letsdata.store.RequestCounts;
import java.util.Optional;
import java.util.function.Supplier;

/** Adds up the resources that an application's invocations use. Thread-safe. */
@Internal
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

  /** Sets the function's architecture, which decides the price of a GB-second. */
  public synchronized void architecture(Architecture value) {
    architecture = value;
  }

  /** One invocation ran; without a report its duration is unknown and not counted. */
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

  /** A request was sent again because the first one did not run, or may not have run. */
  public synchronized void sentAgain() {
    sentAgain++;
  }

  /** S3 requests that a worker reported. */
  public synchronized void requested(RequestCounts requests) {
    workers = workers.plus(requests);
  }

  /**
   * An invocation stored a merged shuffle object. It and its requests are also counted with all
   * others.
   */
  public synchronized void merged(Optional<InvocationReport> report, RequestCounts requests) {
    merged++;
    mergeFailed(report, requests);
  }

  /** An invocation for a merge did not store a merged object. */
  public synchronized void mergeFailed(Optional<InvocationReport> report, RequestCounts requests) {
    merges++;
    mergeRequests = mergeRequests.plus(requests);
    report.ifPresent(r -> mergeGigabyteSeconds += r.gigabyteSeconds());
  }

  /** A task attempt ended, with whatever result. */
  public synchronized void taskEnded() {
    tasks++;
  }

  /** The report so far. */
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
