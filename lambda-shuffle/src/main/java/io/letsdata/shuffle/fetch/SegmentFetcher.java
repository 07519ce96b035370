// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a {@link FetchPlan}: requests ahead of the consumer within {@link FetchLimits}, hands
 * out segments in the plan's order, each verified. Every segment of the plan is handed out or an
 * exception is thrown; there is no early end. Segments that a merged object does not give are read
 * from the outputs' own objects, after the rest of that request.
 *
 * <p>One thread consumes, any may close. Requests run on the executor; one that is late is sent
 * once more, as far as {@link Hedging} allows, and the first answer counts. Those that wait are
 * dropped on {@link #close}, those under way end within 64 KiB.
 */
@Internal
public final class SegmentFetcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentFetcher.class);

  private final ObjectStore store;
  private final FetchLimits limits;
  private final Executor executor;
  private final Hedging hedging;
  private final Runnable whileWaiting;
  private final Prefetcher answers;

  /** The current request's bytes; used by the consumer alone. */
  private byte[] bytes = new byte[0];

  private long start;
  private int lengthBytes;
  private List<FetchPlan.PlacedSegment> placedSegments = List.of();
  private int consumedSegments;
  private @Nullable SliceStream openSlices;

  /** Pieces of the current request that a merged object does not give. */
  private List<FetchPlan.PlacedSegment> lost = List.of();

  private volatile @Nullable SegmentFetcher fallback;
  private long fallbackSegments;
  private long mergedSegments;
  private long mergedBytes;
  private long fallbackWaitedNanos;

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
    this.store = store;
    this.limits = limits;
    this.executor = executor;
    this.hedging = hedging;
    this.whileWaiting = whileWaiting;
    this.answers =
        new Prefetcher(new RangeReader(store), plan, limits, executor, hedging, whileWaiting);
  }

  /**
   * A segment and its verified bytes; the body of a large segment is verified when its end is
   * reached, and fails there.
   */
  public record Fetched(FetchPlan.Wanted wanted, Segment segment, InputStream body) {
    /**
     * The content of a sealed segment. Each block is verified before its first byte is given; reads
     * throw {@link SegmentUnavailable} when it is not what the map task wrote.
     */
    public InputStream content(SegmentSeal seal) {
      return seal.opening(
          wanted.map(),
          segment.partition(),
          segment.lengthBytes(),
          body,
          why -> new SegmentUnavailable(wanted, segment.partition(), why, null));
    }
  }

  /** Whether {@link #next} has another segment. Reads what is left of a large one. */
  public boolean hasNext() throws IOException {
    SliceStream slices = openSlices;
    if (slices != null) {
      slices.close();
      openSlices = null;
    }
    SegmentFetcher direct = fallback;
    if (direct != null && !direct.hasNext()) {
      fallbackWaitedNanos += direct.waitedNanos();
      fallback = null;
      direct = null;
    }
    return direct != null
        || consumedSegments < placedSegments.size()
        || !lost.isEmpty()
        || answers.hasNext();
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
    while (fallback == null && consumedSegments == placedSegments.size()) {
      if (lost.isEmpty()) {
        bytes = new byte[0]; // not both at once in memory
        FetchSlot slot = answers.next();
        if (!slot.request.isWhole()) {
          return slices(slot);
        }
        take(slot);
      } else {
        fallBack();
      }
    }
    SegmentFetcher direct = fallback;
    if (direct != null) {
      return direct.next();
    }
    FetchPlan.PlacedSegment placed = placedSegments.get(consumedSegments++);
    int offset = Math.toIntExact(placed.position() - start);
    return new Fetched(
        placed.wanted(),
        placed.segment(),
        new ByteArrayInputStream(bytes, offset, Math.toIntExact(placed.segment().lengthBytes())));
  }

  private Fetched slices(FetchSlot slot) throws IOException {
    FetchPlan.PlacedSegment placed = slot.request.segments().get(0);
    SliceStream slices = new SliceStream(this, placed.wanted(), placed.segment(), slot.content());
    openSlices = slices;
    return new Fetched(placed.wanted(), placed.segment(), slices);
  }

  /** The verified segments are consumed first, then those that must be read elsewhere. */
  private void take(FetchSlot slot) throws IOException {
    consumedSegments = 0;
    start = slot.request.start();
    lengthBytes = slot.request.lengthBytes();
    placedSegments = slot.request.segments();
    if (slot.failure instanceof MergedUnavailable merged) {
      LOG.warn("Reading the map outputs' own objects instead. {}", merged.getMessage());
      lost = merged.segments();
      bytes = merged.bytes();
      Set<FetchPlan.PlacedSegment> missing = Collections.newSetFromMap(new IdentityHashMap<>());
      missing.addAll(lost);
      placedSegments = placedSegments.stream().filter(placed -> !missing.contains(placed)).toList();
    } else {
      bytes = slot.content();
    }
    if (slot.request.isMerged()) {
      for (FetchPlan.PlacedSegment placed : placedSegments) {
        mergedSegments++;
        mergedBytes += placed.segment().lengthBytes();
      }
    }
  }

  /**
   * Reads from the outputs' own objects within the memory that the failed request was given. Its
   * requests come on top of those that this one has under way.
   */
  private void fallBack() {
    bytes = new byte[0];
    fallbackSegments += lost.size();
    SegmentFetcher direct =
        new SegmentFetcher(
            store,
            MergedPlan.directly(lost, Math.max(1, lengthBytes / 2)),
            FetchLimits.of(limits.requests(), Math.max(2, lengthBytes)),
            executor,
            hedging,
            whileWaiting);
    lost = List.of();
    fallback = direct;
    if (answers.isClosed()) {
      direct.close();
    }
  }

  /** Segments that were, or will be, read from their own objects because a merged object failed. */
  public long fallbackSegments() {
    return fallbackSegments;
  }

  /** Segments that were read from merged objects. */
  public long mergedSegments() {
    return mergedSegments;
  }

  /** Bytes of these. */
  public long mergedBytes() {
    return mergedBytes;
  }

  /** The bytes of the next request, which is the next slice of the segment at hand. */
  byte[] nextSlice() throws IOException {
    return answers.next().content();
  }

  boolean isClosed() {
    return answers.isClosed();
  }

  /** How long the consumer has waited so far. */
  public long waitedNanos() {
    SegmentFetcher direct = fallback;
    return answers.waitedNanos()
        + fallbackWaitedNanos
        + (direct == null ? 0 : direct.waitedNanos());
  }

  /** How long its GETs took so far, together; those of fallbacks are not in it. */
  public long requestNanos() {
    return answers.requestNanos();
  }

  /**
   * Stops requesting. Bytes handed out stay readable; the consumer gets an exception if it asks for
   * more.
   */
  @Override
  public void close() {
    SegmentFetcher direct = fallback;
    if (direct != null) {
      direct.close();
    }
    answers.close();
  }
}
