// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The pause before another attempt of a commit; tests use one that does not wait. */
@FunctionalInterface
interface RetryPause {
  /**
   * * Waits before an attempt. *
   *
   * @param round number of attempts so far, from 1
   * @throws InterruptedIOException when the thread is interrupted; its interrupt flag is set again
   */
  void before(int round) throws InterruptedIOException;

  /**
   * A random pause between zero and a bound, so that concurrent jobs spread. The bound doubles from
   * {@code first} to {@code longest}.
   */
  static RetryPause jittered(Duration first, Duration longest) {
    return round -> {
      long boundMillis =
          Math.min(longest.toMillis(), first.toMillis() << Math.min(Math.max(round - 1, 0), 20));
      try {
        Thread.sleep(ThreadLocalRandom.current().nextLong(boundMillis + 1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted between two tries of a commit");
      }
    };
  }
}
