package io.letsdata.local.lambda;

import java.util.function.LongSupplier;

/** A token bucket over one second. Thread-safe. */
final class RateLimit {

  private final double perSecond;
  private final LongSupplier nanoClock;
  private double tokens;
  private long lastNanos;

  /**
   * @param perSecond requests a second; 0 or less: no limit
   */
  RateLimit(double perSecond, LongSupplier nanoClock) {
    this.perSecond = perSecond;
    this.nanoClock = nanoClock;
    this.tokens = perSecond;
    this.lastNanos = nanoClock.getAsLong();
  }

  /** True when one more request fits. */
  synchronized boolean tryTake() {
    if (perSecond <= 0) {
      return true;
    }
    long now = nanoClock.getAsLong();
    tokens = Math.min(perSecond, tokens + (now - lastNanos) * perSecond / 1e9);
    lastNanos = now;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }
}
