// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;

/** Waits between two attempts of a request. */
@Internal
public final class Backoff {

  private Backoff() {}

  /**
   * Waits for a random time between {@code boundMillis / 2} and {@code boundMillis}.
   *
   * @param action the text after "Cannot" in the exception of an interrupted thread
   */
  public static void pause(String action, long boundMillis) throws InterruptedIOException {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(boundMillis / 2, boundMillis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped =
          new InterruptedIOException("Cannot " + action + ": the thread was interrupted");
      stopped.initCause(e);
      throw stopped;
    }
  }
}
