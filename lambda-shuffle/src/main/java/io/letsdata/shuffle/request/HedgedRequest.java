// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.request;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request that is sent once more when it is late, as far as {@link Hedging} allows; the first
 * success counts, and the other is broken off. Only for requests that may be repeated: reads, and
 * PUTs of the same bytes under a key of its own. One thread waits; not one of the executor's, for
 * which it waits.
 */
@Internal
public final class HedgedRequest<T> {
  /**
   * The request.
   *
   * @param <T> what it answers
   */
  public interface Call<T> {
    /**
     * Sends it once. {@code decided} is true when the other attempt was faster, or when no thread
     * waits any more.
     */
    T run(BooleanSupplier decided) throws IOException;
  }

  private final Hedging hedging;
  private final Hedging.Kind kind;
  private final long bytes;
  private final Executor executor;
  private final Call<T> call;
  private final long since = System.nanoTime();

  private final Object lock = new Object();
  private int running;
  private boolean hedged;
  private @Nullable T answer;
  private @Nullable Throwable failure;
  private volatile boolean decided;

  private HedgedRequest(
      Hedging hedging, Hedging.Kind kind, long bytes, Executor executor, Call<T> call) {
    this.hedging = hedging;
    this.kind = kind;
    this.bytes = bytes;
    this.executor = executor;
    this.call = call;
  }

  /** Sends the request. {@code bytes} is its length, from which its due time follows. */
  public static <T> HedgedRequest<T> send(
      Hedging hedging, Hedging.Kind kind, long bytes, Executor executor, Call<T> call)
      throws IOException {
    HedgedRequest<T> request = new HedgedRequest<>(hedging, kind, bytes, executor, call);
    synchronized (request.lock) {
      request.start();
    }
    return request;
  }

  private void start() throws IOException {
    try {
      executor.execute(this::attempt);
      running++;
    } catch (RejectedExecutionException e) {
      throw new IOException("Cannot send a request of a shuffle: the process ends.", e);
    }
  }

  private void attempt() {
    long began = System.nanoTime();
    T result = null;
    Throwable thrown = null;
    try {
      result = call.run(() -> decided);
    } catch (Throwable t) { // handed to the waiting thread
      thrown = t;
    }
    synchronized (lock) {
      running--;
      if (!decided && result != null) {
        hedging.completed(kind, bytes, System.nanoTime() - began);
        answer = result;
        decided = true;
      } else if (!decided && failure == null) {
        failure = thrown;
      }
      lock.notifyAll();
    }
  }

  /**
   * Waits for the answer.
   *
   * @param whileWaiting called about ten times a second; may throw to give up
   */
  public T join(Runnable whileWaiting) throws IOException {
    OptionalLong late = hedging.lateAfterNanos(kind, bytes);
    try {
      return Interruptibly.await(
          "send a request of a shuffle", whileWaiting, millis -> answer(late, millis));
    } finally {
      decided = true;
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the caller loops
  private Optional<T> answer(OptionalLong late, long millis)
      throws IOException, InterruptedException {
    synchronized (lock) {
      T result = answer;
      if (result != null) {
        return Optional.of(result);
      }
      if (running == 0) {
        throw failed();
      }
      lock.wait(untilLate(late, millis));
      boolean isLate =
          late.isPresent() && System.nanoTime() - since >= late.getAsLong() && !decided;
      if (isLate && running == 1 && !hedged && failure == null && hedging.take()) {
        hedged = true;
        start();
      }
      return Optional.empty();
    }
  }

  /** Until the request is late, at most {@code millis}. */
  private long untilLate(OptionalLong late, long millis) {
    long untilLate =
        late.isPresent() && !hedged
            ? (late.getAsLong() - (System.nanoTime() - since)) / 1_000_000 + 1
            : millis;
    return untilLate < 1 ? millis : Math.min(millis, untilLate);
  }

  private IOException failed() {
    if (failure instanceof IOException io) {
      return io;
    } else if (failure instanceof RuntimeException runtime) {
      throw runtime;
    } else if (failure instanceof Error error) {
      throw error;
    }
    return new InterruptedIOException("Cannot send a request of a shuffle: the wait has ended.");
  }
}
