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
 * Sends invocations in their order, each when {@link InvokePacer} admits it. Bounded by the
 * backend, which has no more dispatches than slots. Thread-safe; no thread of its own.
 *
 * <p>To send means to resolve credentials, which may wait, and to sign. So what an answer or the
 * timer lets go is sent by {@code sender}: neither an event loop nor a timer ever waits.
 */
final class InvokeQueue {
  private static final Logger LOG = LoggerFactory.getLogger(InvokeQueue.class);

  private final ScheduledExecutorService timer;
  private final Executor sender;
  private final LongSupplier nanoClock;

  // Guarded by this.
  private final InvokePacer pacer;
  private final Deque<Send> waiting = new ArrayDeque<>();
  private boolean draining;
  private boolean drainAgain;
  private boolean wakePlanned;
  private long answeredNanos;

  /**
   * A request that waits.
   *
   * @param wanted asked when its turn comes; cheap and never throws
   * @param now sends it; what it sends ends its turn
   * @param never runs instead when nobody wants it any more: it never counted as sent
   */
  record Send(BooleanSupplier wanted, Consumer<Turn> now, Runnable never) {}

  /** A request's room among those in flight. Thread-safe. */
  final class Turn {
    private final AtomicBoolean over = new AtomicBoolean();

    /** The request has ended; others may go. Only the first call counts. */
    void ended(End end) {
      if (over.compareAndSet(false, true)) {
        InvokeQueue.this.ended(end);
      }
    }
  }

  /** How a request that was sent ended, in the pacer's terms. */
  enum End {
    RAN,
    /** Without an answer. */
    LOST,
    /** An answer that no pace can change. */
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
    this.answeredNanos = nanoClock.getAsLong();
    this.pacer = new InvokePacer(concurrency, answeredNanos);
  }

  /** Runs {@code send} now or when there is room. */
  void submit(Send send) {
    synchronized (this) {
      waiting.addLast(send);
    }
    drain();
  }

  /**
   * The same after a pause, before all that wait.
   *
   * @throws RejectedExecutionException when the application is stopping
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the send settles itself
  void submitLater(Send send, long delayMillis) {
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

  /** Drops what waits and nobody wants any more, wherever it stands. */
  void sweep() {
    List<Send> dropped = new ArrayList<>();
    synchronized (this) {
      for (Iterator<Send> sends = waiting.iterator(); sends.hasNext(); ) {
        Send send = sends.next();
        if (!send.wanted().getAsBoolean()) {
          sends.remove();
          dropped.add(send);
        }
      }
    }
    dropped.forEach(send -> run(send.never()));
  }

  private void ended(End end) {
    boolean othersWait;
    synchronized (this) {
      long now = nanoClock.getAsLong();
      if (end != End.LOST) {
        answeredNanos = now;
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
      drain(); // the application is stopping: what waits is wanted no more and not sent
    }
  }

  /** Invocations beyond those submitted that would be sent at once; 1 when there are none. */
  synchronized int room() {
    int room = pacer.room(nanoClock.getAsLong()) - waiting.size();
    return pacer.inFlight() + waiting.size() == 0 ? Math.max(1, room) : Math.max(0, room);
  }

  /** How long every request has been refused; empty when the last one ran. */
  synchronized Optional<Duration> refusingFor() {
    return pacer.refusingFor(nanoClock.getAsLong());
  }

  /** How long nobody has answered, be it with an error; counted from the start at first. */
  synchronized Duration silentFor() {
    return Duration.ofNanos(nanoClock.getAsLong() - answeredNanos);
  }

  /** For a log line. */
  synchronized String state() {
    return pacer.inFlight()
        + " in flight of now at most "
        + pacer.limit()
        + ", "
        + waiting.size()
        + " waiting";
  }

  /** One thread at a time, so that sends that fail at once do not nest. */
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
      if (!drained) { // an Error: whoever comes next goes on
        synchronized (this) {
          draining = false;
        }
      }
    }
  }

  private void turn(Send send) {
    Turn turn = new Turn();
    try {
      send.now().accept(turn);
    } catch (Throwable e) {
      turn.ended(End.LOST);
      throw e;
    }
  }

  /** What one send dies of must not keep the others. */
  private static void run(Runnable send) {
    try {
      send.run();
    } catch (Throwable e) {
      LOG.error("Cannot send an invocation", e);
    }
  }

  /** What may be sent or dropped now; null, and nobody drains any more, when nothing may. */
  private synchronized @Nullable Runnable next() {
    do {
      drainAgain = false;
      Send first = waiting.peekFirst();
      if (first != null && !first.wanted().getAsBoolean()) {
        return waiting.removeFirst().never();
      }
      if (first != null) {
        long delay = pacer.admit(nanoClock.getAsLong());
        if (delay == 0) {
          Send send = waiting.removeFirst();
          return () -> turn(send);
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
      waiting.clear(); // the application is stopping; nobody waits for these
    }
  }
}
