// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.request;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;

/**
 * Waits for background work, and gives the waiting thread a chance to give up ten times a second.
 * Stateless.
 */
@Internal
public final class Interruptibly {
  private static final long POLL_MILLIS = 100;

  private Interruptibly() {}

  /**
   * One bounded wait.
   *
   * @param <T> the result
   */
  public interface Poll<T> {
    /**
     * Waits for the result, at most so long.
     *
     * @return empty when it is not there yet
     */
    Optional<T> within(long millis) throws IOException, InterruptedException;
  }

  /** One bounded wait for a condition. */
  public interface Condition {
    /** Waits until it holds, at most so long; returns whether it holds. */
    boolean holdsWithin(long millis) throws IOException, InterruptedException;
  }

  /**
   * Polls until there is a result.
   *
   * @param action for the error message, as in "read shuffle segments"
   * @param whileWaiting called about ten times a second, without any lock of {@code poll}; may
   *     throw to give up
   * @throws InterruptedIOException when the thread is interrupted; it stays interrupted
   */
  public static <T> T await(String action, Runnable whileWaiting, Poll<T> poll) throws IOException {
    try {
      while (true) {
        Optional<T> result = poll.within(POLL_MILLIS);
        if (result.isPresent()) {
          return result.get();
        }
        whileWaiting.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Cannot " + action + ": interrupted.");
    }
  }

  /** As {@link #await}, until a condition holds. */
  public static void awaitTrue(String action, Runnable whileWaiting, Condition condition)
      throws IOException {
    boolean unused =
        await(
            action,
            whileWaiting,
            millis -> condition.holdsWithin(millis) ? Optional.of(true) : Optional.empty());
  }
}
