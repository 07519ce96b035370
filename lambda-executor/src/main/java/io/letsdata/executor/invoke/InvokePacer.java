// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import java.time.Duration;
import java.util.Optional;

/**
 * Decides when the next invocation may be sent. Pure: each call has the time as an argument, in
 * nanoseconds of one monotonic clock. Not thread-safe; {@link InvokeQueue} guards it.
 *
 * <p>Three limits hold at once:
 *
 * <ul>
 *   <li>In flight: at most what is configured, and an adaptive limit below it. A throttled request
 *       cuts that limit to 90% of the invocations in flight, a service error to 50%. After a second
 *       without either it grows each second by 10% and one.
 *   <li>New environments: 1,000 at once, then 1,000 per 10 s, as Lambda starts them for a function
 *       (AWS Lambda Developer Guide, "Understanding Lambda function scaling"). An invocation needs
 *       a new one when as many as are known are busy.
 *   <li>Requests a second: unlimited until Lambda reports that a rate was exceeded (ten times the
 *       concurrency limit of the function or the account, which the driver cannot know). Then 80%
 *       of the requests of the last second, growing as above.
 * </ul>
 */
final class InvokePacer {
  static final int ENVIRONMENTS_AT_ONCE = 1_000;
  static final double ENVIRONMENTS_PER_SECOND = 100;

  /** Lambda allows ten requests a second even to a concurrency of one. */
  static final double SLOWEST_RATE = 10;

  private static final double AFTER_THROTTLE = 0.9;
  private static final double AFTER_SERVICE_ERROR = 0.5;
  private static final double RATE_AFTER_THROTTLE = 0.8;
  private static final double GROWTH_PER_SECOND = 0.1;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** Idle environments live for minutes; Lambda does not promise more. */
  private static final long ENVIRONMENTS_REMEMBERED = Duration.ofMinutes(5).toNanos();

  private final int configured;
  private double limit;
  private int inFlight;
  private long cutNanos;
  private long grownNanos;

  private double environmentTokens = ENVIRONMENTS_AT_ONCE;
  private long environmentsNanos;
  private int environments;
  private int busiest;
  private long busiestSinceNanos;

  private double rate = Double.POSITIVE_INFINITY;
  private double rateTokens;
  private long rateNanos;
  private long secondNanos;
  private int sentThisSecond;
  private int sentLastSecond;

  private long refusingSinceNanos;
  private boolean refusing;

  /**
   * @param configured invocations in flight at most
   */
  InvokePacer(int configured, long nowNanos) {
    this.configured = configured;
    this.limit = configured;
    this.cutNanos = nowNanos - SECOND;
    this.grownNanos = nowNanos;
    this.environmentsNanos = nowNanos;
    this.busiestSinceNanos = nowNanos;
    this.rateNanos = nowNanos;
    this.secondNanos = nowNanos;
  }

  /**
   * Whether an invocation may be sent now. If so, it counts as in flight until one of the methods
   * below reports its end.
   *
   * @return 0 when it may; otherwise how long to wait before asking again, unless an invocation
   *     ends before
   */
  long admit(long nowNanos) {
    grow(nowNanos);
    if (inFlight >= (int) limit) {
      return SECOND;
    }
    boolean startsOne = inFlight >= environments;
    if (startsOne && environmentTokens < 1) {
      return wait(1 - environmentTokens, ENVIRONMENTS_PER_SECOND);
    }
    if (rate < Double.POSITIVE_INFINITY && rateTokens < 1) {
      return wait(1 - rateTokens, rate);
    }
    if (startsOne) {
      environmentTokens--;
      environments++;
    }
    if (rate < Double.POSITIVE_INFINITY) {
      rateTokens--;
    }
    sentThisSecond++;
    inFlight++;
    busiest = Math.max(busiest, inFlight);
    return 0;
  }

  /** The function ran, with whatever result. */
  void ran(long nowNanos) {
    grow(nowNanos);
    inFlight--;
    refusing = false;
  }

  /** It is unknown whether the function ran: the connection was not made, or broke. */
  void lost(long nowNanos) {
    grow(nowNanos);
    inFlight--;
  }

  /** 429 for too many at once. */
  void throttled(long nowNanos) {
    cut(nowNanos, AFTER_THROTTLE);
  }

  /** 429 for too many requests a second. */
  void rateExceeded(long nowNanos) {
    grow(nowNanos);
    refused(nowNanos);
    int sent = Math.max(sentLastSecond, sentThisSecond);
    rate = Math.max(SLOWEST_RATE, Math.min(rate, RATE_AFTER_THROTTLE * sent));
    rateTokens = Math.min(rateTokens, 0);
  }

  /** The service failed, or the function is not ready yet. */
  void unavailable(long nowNanos) {
    cut(nowNanos, AFTER_SERVICE_ERROR);
  }

  /** Number of invocations, beyond those in flight, that would be sent at once. */
  int room(long nowNanos) {
    grow(nowNanos);
    int free = Math.max(0, (int) limit - inFlight);
    int known = Math.max(0, environments - inFlight);
    return Math.min(free, known + (int) environmentTokens);
  }

  int inFlight() {
    return inFlight;
  }

  /** The present limit of invocations in flight. */
  int limit() {
    return (int) limit;
  }

  /** How long every request has been refused; empty when the last one ran. */
  Optional<Duration> refusingFor(long nowNanos) {
    return refusing
        ? Optional.of(Duration.ofNanos(nowNanos - refusingSinceNanos))
        : Optional.empty();
  }

  private void cut(long nowNanos, double factor) {
    grow(nowNanos);
    refused(nowNanos);
    // From those in flight, not from the limit: a burst of refusals is one cut.
    limit = Math.max(1, Math.min(limit, factor * inFlight));
  }

  private void refused(long nowNanos) {
    inFlight--;
    cutNanos = nowNanos;
    if (!refusing) {
      refusing = true;
      refusingSinceNanos = nowNanos;
    }
  }

  /** Updates everything that changes with time to {@code nowNanos}. */
  private void grow(long nowNanos) {
    double seconds = Math.max(0, nowNanos - Math.max(grownNanos, cutNanos + SECOND)) / 1e9;
    limit = Math.min(configured, limit + grown(limit, seconds));
    if (rate < Double.POSITIVE_INFINITY) {
      rate += grown(rate, seconds);
      rateTokens = Math.min(rate / 10, rateTokens + (nowNanos - rateNanos) * rate / 1e9);
    }
    rateNanos = nowNanos;
    grownNanos = nowNanos;
    environmentTokens =
        Math.min(
            ENVIRONMENTS_AT_ONCE,
            environmentTokens + (nowNanos - environmentsNanos) * ENVIRONMENTS_PER_SECOND / SECOND);
    environmentsNanos = nowNanos;
    if (nowNanos - busiestSinceNanos > ENVIRONMENTS_REMEMBERED) {
      environments = busiest;
      busiest = inFlight;
      busiestSinceNanos = nowNanos;
    }
    if (nowNanos - secondNanos >= SECOND) {
      sentLastSecond = nowNanos - secondNanos < 2 * SECOND ? sentThisSecond : 0;
      sentThisSecond = 0;
      secondNanos = nowNanos;
    }
  }

  private static double grown(double value, double seconds) {
    // Exponential: after a long pause one large step, equal to the many small ones.
    return seconds <= 0
        ? 0
        : (value + 1 / GROWTH_PER_SECOND) * Math.expm1(GROWTH_PER_SECOND * seconds);
  }

  private static long wait(double tokens, double perSecond) {
    return Math.max(1, Math.min(SECOND, (long) (tokens / perSecond * 1e9)));
  }
}
