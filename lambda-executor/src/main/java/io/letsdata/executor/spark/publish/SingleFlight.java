// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Does work once for each id, on {@code executor}; work that failed is done again for the next
 * caller. The work must not wait for the work of another id. Thread-safe.
 */
final class SingleFlight<T> {
  private final LongFunction<T> work;
  private final Executor executor;
  private final Map<Long, CompletableFuture<T>> done = new ConcurrentHashMap<>();

  SingleFlight(LongFunction<T> work, Executor executor) {
    this.work = work;
    this.executor = executor;
  }

  /** The result of the work; the same future for all callers. */
  CompletableFuture<T> of(long id) {
    return of(id, work);
  }

  /** The same, with other work for this id, unless some was begun. */
  CompletableFuture<T> of(long id, LongFunction<T> work) {
    CompletableFuture<T> mine = new CompletableFuture<>();
    CompletableFuture<T> first = done.putIfAbsent(id, mine);
    if (first != null) {
      return first;
    }
    try {
      executor.execute(() -> run(id, work, mine));
    } catch (RuntimeException e) { // the application is stopping
      fail(id, mine, e);
    }
    return mine;
  }

  private void run(long id, LongFunction<T> work, CompletableFuture<T> mine) {
    try {
      mine.complete(work.apply(id));
    } catch (Throwable e) {
      fail(id, mine, e);
    }
  }

  private void fail(long id, CompletableFuture<T> mine, Throwable e) {
    done.remove(id, mine);
    mine.completeExceptionally(e);
  }

  /** The results that are there, in no order. */
  List<T> results() {
    return done.values().stream()
        .filter(future -> future.isDone() && !future.isCompletedExceptionally())
        .map(CompletableFuture::join)
        .toList();
  }

  /** Forgets an id and returns its result, which may be in progress; null when there is none. */
  @Nullable CompletableFuture<T> forget(long id) {
    return done.remove(id);
  }
}
