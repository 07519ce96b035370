// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;

/** Waits between two tries. */
@Internal
public final class Backoff {

  private Backoff() {}

  /**
   * Waits between half of {@code boundMillis} and all of it.
   *
   * @param action what follows "Cannot" if the thread is interrupted
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
