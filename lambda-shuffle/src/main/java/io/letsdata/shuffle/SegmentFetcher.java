package io.letsdata.shuffle;

import io.letsdata.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a {@link FetchPlan}: requests ahead of the consumer within {@link FetchLimits}, hands
 * out segments in the plan's order, each verified. Every segment of the plan is handed out or an
 * exception is thrown; there is no early end.
 *
 * <p>One thread consumes, any may close. Requests run on the executor; one that is late is sent
 * once more, as far as {@link Hedging} allows, and the first answer counts. Those that wait are
 * dropped on {@link #close}, those under way end within 64 KiB.
 */
public final class SegmentFetcher implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  private final List<FetchPlan.Request> plan;
  private final FetchLimits limits;
  private final RangeReader reader;
  private final Executor executor;
  private final Hedging hedging;
  private final Runnable whileWaiting;

  private final Object lock = new Object();
  private final Deque<Slot> issued = new ArrayDeque<>();
  private int nextToIssue;
  private int active;
  private long heldBytes;
  private long waitedNanos;
  private volatile boolean closed;

  /** What the consumer looks at now; touched by it alone. */
  private @Nullable Slot current;

  private @Nullable SliceStream openSlices;
  private int consumedSegments;
  private int consumedRequests;

  /**
   * Requests nothing before it is asked.
   *
   * @param plan of requests of at most {@link FetchLimits#requestBytes}
   * @param hedging of the process; not closed here
   * @param whileWaiting called by the consumer about ten times a second while it waits; may throw
   *     to give up
   */
  public SegmentFetcher(
      ObjectStore store,
      List<FetchPlan.Request> plan,
      FetchLimits limits,
      Executor executor,
      Hedging hedging,
      Runnable whileWaiting) {
    this.plan = plan;
    this.limits = limits;
    this.reader = new RangeReader(store);
    this.executor = executor;
    this.hedging = hedging;
    this.whileWaiting = whileWaiting;
  }

  /**
   * A segment and its verified bytes; the body of a large segment is verified when its end is
   * reached, and fails there.
   */
  public record Fetched(FetchPlan.Wanted wanted, Segment segment, InputStream body) {}

  /** Whether {@link #next} has another segment. Reads what is left of a large one. */
  public boolean hasNext() throws IOException {
    SliceStream slices = openSlices;
    if (slices != null) {
      slices.close();
      openSlices = null;
    }
    Slot slot = current;
    return consumedRequests < plan.size()
        || (slot != null
            && slot.request.isWhole()
            && consumedSegments < slot.request.segments().size());
  }

  /**
   * The next segment, once it is there. The body of the one before must not be read anymore.
   *
   * @throws SegmentUnavailable when a map output must be made again
   * @throws IOException when the store fails
   */
  public Fetched next() throws IOException {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Slot slot = current;
    if (slot == null
        || !slot.request.isWhole()
        || consumedSegments == slot.request.segments().size()) {
      slot = advance();
      consumedSegments = 0;
    }
    FetchPlan.Request request = slot.request;
    Segment segment = request.segments().get(consumedSegments++);
    if (!request.isWhole()) {
      SliceStream slices = new SliceStream(this, request.wanted(), segment, slot.content());
      openSlices = slices;
      return new Fetched(request.wanted(), segment, slices);
    }
    int offset = Math.toIntExact(segment.start() - request.start());
    return new Fetched(
        request.wanted(),
        segment,
        new ByteArrayInputStream(slot.content(), offset, Math.toIntExact(segment.lengthBytes())));
  }

  /** The bytes of the next request, which is the next slice of the segment at hand. */
  byte[] nextSlice() throws IOException {
    return advance().content();
  }

  boolean isClosed() {
    return closed;
  }

  /** How long the consumer has waited so far. */
  public long waitedNanos() {
    return waitedNanos;
  }

  /**
   * Stops requesting. Bytes handed out stay readable; the consumer gets an exception if it asks for
   * more.
   */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      issued.clear();
      lock.notifyAll();
    }
  }

  private Slot advance() throws IOException {
    release();
    long since = System.nanoTime();
    try {
      Slot slot = await();
      current = slot;
      consumedRequests++;
      return slot;
    } finally {
      waitedNanos += System.nanoTime() - since;
    }
  }

  private void release() {
    Slot done = current;
    current = null;
    synchronized (lock) {
      if (done != null) {
        heldBytes -= done.request.lengthBytes();
      }
      issue();
    }
  }

  private Slot await() throws IOException {
    while (true) {
      synchronized (lock) {
        Slot head = issued.peekFirst();
        if (closed || head == null) {
          throw new InterruptedIOException("Cannot read shuffle segments: the reader is closed.");
        }
        if (head.done) {
          return issued.removeFirst();
        }
        pause();
      }
      whileWaiting.run();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // await() loops
  private void pause() throws InterruptedIOException {
    try {
      lock.wait(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Cannot read shuffle segments: interrupted.");
    }
  }

  /**
   * Starts what the limits allow. With nothing held the next request always starts, so the
   * consumer, which holds nothing while it waits, cannot wait for a request that is not under way.
   */
  private void issue() {
    while (!closed && nextToIssue < plan.size() && active < limits.requests()) {
      FetchPlan.Request request = plan.get(nextToIssue);
      if (heldBytes > 0 && heldBytes + request.lengthBytes() > limits.bytes()) {
        return;
      }
      Slot slot = new Slot(request);
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
  }

  private void run(Slot slot) {
    FetchPlan.Request request = slot.request;
    OptionalLong lateAfter =
        request.wanted().inline() == null
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

  private void watch(Slot slot, long nanos) {
    slot.watch = hedging.after(nanos, () -> hedge(slot, nanos));
  }

  /**
   * Counts as a request and as memory until the slower one of the two has ended. What finds no
   * budget looks again later.
   */
  private void hedge(Slot slot, long lateNanos) {
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

  private void attempt(Slot slot) {
    byte[] bytes = null;
    Throwable failure = null;
    long since = System.nanoTime();
    try {
      if (!closed && !slot.done) {
        bytes = reader.read(slot.request, () -> closed || slot.done);
        if (slot.request.wanted().inline() == null) {
          hedging.completed(slot.request.lengthBytes(), System.nanoTime() - since);
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

  private static final class Slot {
    final FetchPlan.Request request;
    volatile boolean done;
    int attempts = 1;
    volatile @Nullable ScheduledFuture<?> watch;
    byte @Nullable [] bytes;
    @Nullable Throwable failure;

    Slot(FetchPlan.Request request) {
      this.request = request;
    }

    void stopWatching() {
      ScheduledFuture<?> next = watch;
      if (next != null) {
        next.cancel(false);
      }
    }

    byte[] content() throws IOException {
      if (failure instanceof IOException io) {
        throw io;
      } else if (failure instanceof RuntimeException runtime) {
        throw runtime;
      } else if (failure instanceof Error error) {
        throw error;
      }
      byte[] content = bytes;
      if (content == null) {
        throw new InterruptedIOException("Cannot read shuffle segments: the reader is closed.");
      }
      return content;
    }
  }
}
