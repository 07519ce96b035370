// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.shuffle.request.Hedging;
import io.letsdata.shuffle.request.Interruptibly;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Carries out the requests of a {@link FetchPlan} ahead of one consumer, within {@link
 * FetchLimits}; hands out answers in the plan's order. One thread consumes, any may close.
 *
 * <p>Requests run on the executor; one that is late is sent once more, as far as {@link Hedging}
 * allows, and the first answer counts. Those that wait are dropped on {@link #close}, those under
 * way end within 64 KiB.
 */
final class Prefetcher implements AutoCloseable {
  private final List<FetchPlan.Request> plan;
  private final FetchLimits limits;
  private final RangeReader reader;
  private final Executor executor;
  private final Hedging hedging;
  private final Runnable whileWaiting;

  private final Object lock = new Object();
  private final Deque<FetchSlot> issued = new ArrayDeque<>();
  private int nextToIssue;
  private int active;
  private long heldBytes;
  private volatile boolean closed;

  /** Used by the consumer alone. */
  private int currentBytes;

  private int consumed;
  private long waitedNanos;
  private final LongAdder requestNanos = new LongAdder();

  /** Requests nothing before it is asked. */
  Prefetcher(
      RangeReader reader,
      List<FetchPlan.Request> plan,
      FetchLimits limits,
      Executor executor,
      Hedging hedging,
      Runnable whileWaiting) {
    this.reader = reader;
    this.plan = plan;
    this.limits = limits;
    this.executor = executor;
    this.hedging = hedging;
    this.whileWaiting = whileWaiting;
  }

  /** Whether {@link #next} has another answer. */
  boolean hasNext() {
    return consumed < plan.size();
  }

  /** The next answer, once it is there. The one before gives its memory back. */
  FetchSlot next() throws IOException {
    release();
    long since = System.nanoTime();
    try {
      FetchSlot slot = Interruptibly.await("read shuffle segments", whileWaiting, this::head);
      currentBytes = slot.request.lengthBytes();
      consumed++;
      return slot;
    } finally {
      waitedNanos += System.nanoTime() - since;
    }
  }

  /** How long the consumer has waited so far. */
  long waitedNanos() {
    return waitedNanos;
  }

  /** How long the GETs that ended well took so far, together. */
  long requestNanos() {
    return requestNanos.sum();
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      issued.clear();
      lock.notifyAll();
    }
  }

  /**
   * The consumer waits. Its next request starts whatever the limits: slower attempts of earlier
   * requests may hold all that they allow, on connections that are dead, until these time out.
   */
  private void release() {
    synchronized (lock) {
      heldBytes -= currentBytes;
      currentBytes = 0;
      issue();
      if (!closed && issued.isEmpty() && nextToIssue < plan.size()) {
        start(plan.get(nextToIssue));
      }
    }
  }

  @SuppressWarnings("WaitNotInLoop") // await() loops
  private Optional<FetchSlot> head(long millis) throws IOException, InterruptedException {
    synchronized (lock) {
      FetchSlot head = issued.peekFirst();
      if (closed || head == null) {
        throw new InterruptedIOException("Cannot read shuffle segments: the reader is closed.");
      }
      if (head.done) {
        return Optional.of(issued.removeFirst());
      }
      lock.wait(millis);
      return Optional.empty();
    }
  }

  /** Starts what the limits allow. */
  private void issue() {
    while (!closed && nextToIssue < plan.size() && active < limits.requestsAt(heldBytes)) {
      FetchPlan.Request request = plan.get(nextToIssue);
      if (heldBytes > 0 && heldBytes + request.lengthBytes() > limits.bytes()) {
        return;
      }
      start(request);
    }
  }

  private void start(FetchPlan.Request request) {
    FetchSlot slot = new FetchSlot(request);
    issued.addLast(slot);
    nextToIssue++;
    active++;
    heldBytes += request.lengthBytes();
    try {
      executor.execute(() -> run(slot));
    } catch (RejectedExecutionException e) { // the process is shutting down
      slot.failure = e;
      slot.done = true;
      active--;
    }
  }

  private void run(FetchSlot slot) {
    FetchPlan.Request request = slot.request;
    OptionalLong lateAfter =
        request.inline() == null
            ? hedging.lateAfterNanos(request.lengthBytes())
            : OptionalLong.empty();
    if (lateAfter.isEmpty()) {
      attempt(slot);
      return;
    }
    watch(slot, lateAfter.getAsLong());
    try {
      attempt(slot);
    } finally {
      slot.stopWatching();
    }
  }

  private void watch(FetchSlot slot, long nanos) {
    slot.watch = hedging.after(nanos, () -> hedge(slot, nanos));
  }

  /**
   * Counts as a request and as memory until the slower one of the two has ended. Without budget it
   * looks again later.
   */
  private void hedge(FetchSlot slot, long lateNanos) {
    synchronized (lock) {
      if (closed || slot.done || slot.attempts != 1) {
        return;
      }
      if (!hedging.take()) {
        watch(slot, lateNanos);
        return;
      }
      try {
        executor.execute(() -> attempt(slot));
      } catch (RejectedExecutionException e) { // the process is shutting down
        return;
      }
      slot.attempts++;
      active++;
      heldBytes += slot.request.lengthBytes();
    }
  }

  private void attempt(FetchSlot slot) {
    byte[] bytes = null;
    Throwable failure = null;
    long since = System.nanoTime();
    try {
      if (!closed && !slot.done) {
        bytes = reader.read(slot.request, () -> closed || slot.done);
        if (slot.request.inline() == null) {
          long nanos = System.nanoTime() - since;
          hedging.completed(slot.request.lengthBytes(), nanos);
          requestNanos.add(nanos);
        }
      }
    } catch (Throwable t) { // handed to the consumer, which rethrows it
      failure = t;
    }
    synchronized (lock) {
      slot.attempts--;
      active--;
      boolean decides = !slot.done && (bytes != null || slot.attempts == 0);
      if (decides) {
        slot.bytes = bytes;
        slot.failure = failure;
        slot.done = true;
      } else {
        heldBytes -= slot.request.lengthBytes();
      }
      issue();
      lock.notifyAll();
    }
  }
}
