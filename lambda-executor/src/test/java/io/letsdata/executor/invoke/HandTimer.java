// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A timer and its clock that stand still until a test moves them; it runs all on that thread. */
public final class HandTimer extends ScheduledThreadPoolExecutor {
  private final PriorityQueue<Planned> planned =
      new PriorityQueue<>(Comparator.comparingLong(Planned::atNanos));
  private long nowNanos;

  private record Planned(long atNanos, Runnable work) {}

  /** At time zero. */
  public HandTimer() {
    super(0);
    shutdown();
    setRejectedExecutionHandler((work, executor) -> {});
  }

  /** The clock. */
  public long nowNanos() {
    return nowNanos;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
    planned.add(new Planned(nowNanos + unit.toNanos(delay), work));
    return super.schedule(() -> {}, 0, unit); // a handle; the shut-down executor never runs it
  }

  /** Moves to what is planned next and runs it; false when nothing is. */
  public boolean next() {
    Planned next = planned.poll();
    if (next == null) {
      return false;
    }
    nowNanos = Math.max(nowNanos, next.atNanos());
    next.work().run();
    return true;
  }

  /** Lets time pass; nothing runs. */
  public void pass(long seconds) {
    nowNanos += TimeUnit.SECONDS.toNanos(seconds);
  }
}
