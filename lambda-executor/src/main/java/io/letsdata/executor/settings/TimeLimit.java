// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import io.letsdata.options.Internal;
import java.time.Duration;

/**
 * The time limit of the function, as its driver counts with it. Each payload has it, and a worker
 * ends itself when it has passed, because the function's own limit may be raised while the
 * application runs: so no invocation lives longer than {@link #aliveAtMost}, whatever the function
 * allows. It only grows, so that it also holds for requests that were sent before. Thread-safe.
 */
@Internal
public final class TimeLimit {
  /**
   * An environment may start for 10 s before the time limit begins to count; a second start counts
   * (developer guide, "Understanding the Lambda execution environment lifecycle").
   */
  private static final Duration BESIDE_THE_LIMIT = Duration.ofSeconds(15);

  /** Lambda's own highest limit (developer guide, "Lambda quotas"). */
  private static final Duration HIGHEST = Duration.ofMinutes(15);

  private Duration current; // guarded by this

  /**
   * @param first as it is at the start of the application
   */
  public TimeLimit(Duration first) {
    this.current = first;
  }

  /** The limit for payloads that are made now. */
  public synchronized Duration current() {
    return current;
  }

  /**
   * Takes a longer limit, for payloads that are made from now on.
   *
   * @param limit over 15 minutes counts as 15 minutes; a shorter one than the current changes
   *     nothing
   */
  public synchronized void raise(Duration limit) {
    Duration possible = limit.compareTo(HIGHEST) < 0 ? limit : HIGHEST;
    if (possible.compareTo(current) > 0) {
      current = possible;
    }
  }

  /** The longest life of an invocation after its request was sent. */
  public Duration aliveAtMost() {
    return aliveAtMost(current());
  }

  /**
   * The same for a limit that need not be the function's.
   *
   * @param limit how long the invocation works
   */
  public static Duration aliveAtMost(Duration limit) {
    return limit.plus(BESIDE_THE_LIMIT);
  }
}
