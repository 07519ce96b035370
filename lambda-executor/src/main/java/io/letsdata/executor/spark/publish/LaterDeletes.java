// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes objects of a run in batches, when no invocation that could read or write them can be
 * alive. One DELETE for up to 1000 objects, at most one a minute; none while nothing is due. A
 * failure costs storage until the end of the application, never a result. Thread-safe.
 */
@Internal
public final class LaterDeletes {
  /** Pause between two batches. */
  static final Duration BATCH_EVERY = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(LaterDeletes.class);

  private final RunContext run;
  private final LongSupplier nanoClock;

  /** In the order in which they are due: the delay only grows. */
  private final Queue<Due> waiting = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** For the objects of a run. No request. */
  public LaterDeletes(RunContext run, LongSupplier nanoClock) {
    this.run = run;
    this.nanoClock = nanoClock;
  }

  private record Due(long atNanos, Supplier<List<ObjectLocation>> objects) {}

  /** Objects of invocations whose requests were sent before now. */
  public void add(List<ObjectLocation> objects) {
    add(() -> objects);
  }

  /**
   * The same, for objects that are known when they are due.
   *
   * @param objects those that may be deleted then; runs on a thread for requests
   */
  public void add(Supplier<List<ObjectLocation>> objects) {
    long delayNanos = run.function().limit().aliveAtMost().toNanos();
    waiting.add(new Due(nanoClock.getAsLong() + delayNanos, objects));
    schedule();
  }

  private void schedule() {
    if (!scheduled.compareAndSet(false, true)) {
      return;
    }
    try {
      var unused =
          run.threads()
              .timer()
              .schedule(
                  () -> run.threads().io().execute(this::deleteDue),
                  BATCH_EVERY.toMillis(),
                  TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The application is stopping; its end deletes everything", e);
    }
  }

  private void deleteDue() {
    List<ObjectLocation> objects = new ArrayList<>();
    long now = nanoClock.getAsLong();
    for (Due next = waiting.peek();
        next != null && next.atNanos() - now <= 0;
        next = waiting.peek()) {
      objects.addAll(waiting.remove().objects().get());
    }
    scheduled.set(false);
    if (!waiting.isEmpty()) {
      schedule();
    }
    now(run.store(), objects);
  }

  /** Deletes objects at once. One DELETE per 1000 objects; a failure is logged. */
  static void now(ObjectStore store, List<ObjectLocation> locations) {
    try {
      if (!locations.isEmpty()) {
        store.delete(locations);
      }
    } catch (IOException e) {
      LOG.warn("Cannot delete {} objects, first {}", locations.size(), locations.get(0), e);
    }
  }
}
