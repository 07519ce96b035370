// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long a committer waits before it asks the store again; tests pass one that does not wait. */
@FunctionalInterface
interface Pause {
  /**
   * Waits.
   *
   * @param round number of tries so far, from 1
   * @throws InterruptedIOException when the thread is interrupted; its interrupt flag is set again
   */
  void before(int round) throws InterruptedIOException;

  /**
   * Doubles from {@code first} to {@code longest} and draws evenly from zero to that, so that
   * racers spread.
   */
  static Pause jittered(Duration first, Duration longest) {
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
