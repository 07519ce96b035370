// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.options.Internal;
import java.util.function.LongSupplier;

/** A token bucket. Thread-safe. */
@Internal
public final class RateLimit {

  private final double size;
  private final double perSecond;
  private final LongSupplier nanoClock;
  private double tokens;
  private long lastNanos;

  /**
   * A bucket over one second.
   *
   * @param perSecond requests a second; 0 or less: no limit
   */
  public RateLimit(double perSecond, LongSupplier nanoClock) {
    this(perSecond, perSecond, nanoClock);
  }

  /**
   * A bucket over ten seconds.
   *
   * @param count tokens at once and in each 10 s after; 0 or less: no limit
   */
  public static RateLimit ofTenSeconds(int count, LongSupplier nanoClock) {
    return new RateLimit(count, count / 10.0, nanoClock);
  }

  private RateLimit(double size, double perSecond, LongSupplier nanoClock) {
    this.size = size;
    this.perSecond = perSecond;
    this.nanoClock = nanoClock;
    this.tokens = size;
    this.lastNanos = nanoClock.getAsLong();
  }

  /** True when one more request fits. */
  public synchronized boolean tryTake() {
    if (perSecond <= 0) {
      return true;
    }
    long now = nanoClock.getAsLong();
    tokens = Math.min(size, tokens + (now - lastNanos) * perSecond / 1e9);
    lastNanos = now;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }
}
