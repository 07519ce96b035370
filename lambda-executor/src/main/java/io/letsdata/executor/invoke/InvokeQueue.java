// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends invocations in their order, each when {@link InvokePacer} admits it. The backend bounds it:
 * there are no more dispatches than slots. Thread-safe; without its own thread.
 *
 * <p>To send means to resolve credentials, which may block, and to sign. So requests that a
 * response or the timer releases are sent by {@code sender}: no event loop or timer ever blocks.
 */
final class InvokeQueue {
  private static final Logger LOG = LoggerFactory.getLogger(InvokeQueue.class);

  private final ScheduledExecutorService timer;
  private final Executor sender;
  private final LongSupplier nanoClock;

  // Guarded by this.
  private final InvokePacer pacer;
  private final Deque<QueuedInvoke> waiting = new ArrayDeque<>();
  private boolean draining;
  private boolean drainAgain;
  private boolean wakePlanned;
  private long responseNanos;

  /**
   * A request that waits.
   *
   * @param wanted called before it is sent; cheap, never throws
   * @param send sends it; the permit is held until it is ended
   * @param withdrawn called instead when it is not wanted; it never counts as sent
   */
  record QueuedInvoke(BooleanSupplier wanted, Consumer<Permit> send, Runnable withdrawn) {}

  /** The permission for one request in flight. Thread-safe. */
  final class Permit {
    private final AtomicBoolean over = new AtomicBoolean();

    /** The request has ended; others may be sent. Only the first call counts. */
    void ended(End end) {
      if (over.compareAndSet(false, true)) {
        InvokeQueue.this.ended(end);
      }
    }
  }

  /** How a request that was sent ended, as the pacer distinguishes it. */
  enum End {
    RAN,
    /** Without a response. */
    LOST,
    /** An error that does not depend on the pace. */
    REFUSED,
    THROTTLED,
    RATE_EXCEEDED,
    UNAVAILABLE
  }

  /** {@code timer} and {@code sender}, which needs one thread, belong to the caller. */
  InvokeQueue(
      int concurrency, ScheduledExecutorService timer, Executor sender, LongSupplier nanoClock) {
    this.timer = timer;
    this.sender = sender;
    this.nanoClock = nanoClock;
    this.responseNanos = nanoClock.getAsLong();
    this.pacer = new InvokePacer(concurrency, responseNanos);
  }

  /** Sends it now, or when there is room. */
  void submit(QueuedInvoke send) {
    synchronized (this) {
      waiting.addLast(send);
    }
    drain();
  }

  /**
   * The same after a pause, and then before all others.
   *
   * @throws RejectedExecutionException when the application is stopping
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the request settles itself
  void submitLater(QueuedInvoke send, long delayMillis) {
    timer.schedule(
        () -> {
          synchronized (this) {
            waiting.addFirst(send);
          }
          drainElsewhere();
        },
        delayMillis,
        TimeUnit.MILLISECONDS);
  }

  /** Withdraws requests that are not wanted any longer, at any place in the queue. */
  void sweep() {
    List<QueuedInvoke> dropped = new ArrayList<>();
    synchronized (this) {
      for (Iterator<QueuedInvoke> sends = waiting.iterator(); sends.hasNext(); ) {
        QueuedInvoke send = sends.next();
        if (!send.wanted().getAsBoolean()) {
          sends.remove();
          dropped.add(send);
        }
      }
    }
    dropped.forEach(send -> run(send.withdrawn()));
  }

  private void ended(End end) {
    boolean othersWait;
    synchronized (this) {
      long now = nanoClock.getAsLong();
      if (end != End.LOST) {
        responseNanos = now;
      }
      switch (end) {
        case RAN -> pacer.ran(now);
        case LOST, REFUSED -> pacer.lost(now);
        case THROTTLED -> pacer.throttled(now);
        case RATE_EXCEEDED -> pacer.rateExceeded(now);
        case UNAVAILABLE -> pacer.unavailable(now);
      }
      othersWait = !waiting.isEmpty();
    }
    if (othersWait) {
      drainElsewhere();
    }
  }

  private void drainElsewhere() {
    try {
      sender.execute(this::drain);
    } catch (RejectedExecutionException e) {
      drain(); // the application is stopping: no request is wanted, so none is sent
    }
  }

  /**
   * Number of invocations, beyond those submitted, that would be sent at once; 1 at least when none
   * are.
   */
  synchronized int room() {
    int room = pacer.room(nanoClock.getAsLong()) - waiting.size();
    return pacer.inFlight() + waiting.size() == 0 ? Math.max(1, room) : Math.max(0, room);
  }

  /** How long every request has been refused; empty when the last one ran. */
  synchronized Optional<Duration> refusingFor() {
    return pacer.refusingFor(nanoClock.getAsLong());
  }

  /** Time since the last response, errors included; before the first one, since the start. */
  synchronized Duration sinceResponse() {
    return Duration.ofNanos(nanoClock.getAsLong() - responseNanos);
  }

  /** For a log line. */
  synchronized String state() {
    return pacer.inFlight()
        + " in flight of at most "
        + pacer.limit()
        + ", "
        + waiting.size()
        + " waiting";
  }

  /** One thread at a time, so that requests that fail at once do not nest. */
  private void drain() {
    synchronized (this) {
      if (draining) {
        drainAgain = true;
        return;
      }
      draining = true;
    }
    boolean drained = false;
    try {
      Runnable send = next();
      while (send != null) {
        run(send);
        send = next();
      }
      drained = true;
    } finally {
      if (!drained) { // an Error: the next caller continues
        synchronized (this) {
          draining = false;
        }
      }
    }
  }

  private void admit(QueuedInvoke send) {
    Permit permit = new Permit();
    try {
      send.send().accept(permit);
    } catch (Throwable e) {
      permit.ended(End.LOST);
      throw e;
    }
  }

  /** An exception from one request must not stop the others. */
  private static void run(Runnable send) {
    try {
      send.run();
    } catch (Throwable e) {
      LOG.error("Cannot send an invocation", e);
    }
  }

  /** The next request to send or withdraw; null, which ends the draining, when there is none. */
  private synchronized @Nullable Runnable next() {
    do {
      drainAgain = false;
      QueuedInvoke first = waiting.peekFirst();
      if (first != null && !first.wanted().getAsBoolean()) {
        return waiting.removeFirst().withdrawn();
      }
      if (first != null) {
        long delay = pacer.admit(nanoClock.getAsLong());
        if (delay == 0) {
          QueuedInvoke send = waiting.removeFirst();
          return () -> admit(send);
        }
        wakeIn(delay);
      }
    } while (drainAgain);
    draining = false;
    return null;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // drain() never fails
  private void wakeIn(long delayNanos) {
    if (wakePlanned) {
      return;
    }
    try {
      timer.schedule(
          () -> {
            synchronized (this) {
              wakePlanned = false;
            }
            drainElsewhere();
          },
          delayNanos,
          TimeUnit.NANOSECONDS);
      wakePlanned = true;
    } catch (RejectedExecutionException e) {
      waiting.clear(); // the application is stopping; no result of these is awaited
    }
  }
}
