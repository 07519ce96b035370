// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.store.ObjectLocation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which ranges of which objects a reduce task requests, and in which order. Pure: no
 * request, no side effect.
 *
 * <p>Neighbouring segments of one map output are one request. A request above the limit is cut,
 * between segments where possible; a segment above the limit is cut into slices.
 *
 * <p>Example, at most 8 bytes a request. Map output 0 has the segments {@code [0,4) [4,8) [8,30)},
 * map output 1 has {@code [10,14) [16,20)}. The plan:
 *
 * <ol>
 *   <li>map output 0: {@code [0,8)}, two whole segments,
 *   <li>map output 0: {@code [8,16)}, {@code [16,24)}, {@code [24,30)}, the slices of its large
 *       segment,
 *   <li>map output 1: {@code [10,14)} and {@code [16,20)}, because the gap between them may belong
 *       to another reader.
 * </ol>
 *
 * <p>A task that begins at map output 1 ({@code first} is 1) requests the last two ranges first.
 */
@Internal
public final class FetchPlan {
  private FetchPlan() {}

  /**
   * The segments that a task needs of one map output.
   *
   * @param mapIndex Spark's index of the map task, which a fetch failure names
   * @param object where the segments are, unless they are in {@code inline}
   * @param segments ascending by start, disjoint
   * @param inline when given, the bytes that {@code segments} lie in: no request is needed
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  public record Wanted(
      MapRef map,
      int mapIndex,
      ObjectLocation object,
      List<Segment> segments,
      byte @Nullable [] inline) {
    /** Segments in {@code object}. */
    public Wanted(MapRef map, int mapIndex, ObjectLocation object, List<Segment> segments) {
      this(map, mapIndex, object, segments, null);
    }

    /**
     * Refuses segments that are not exactly the non-empty partitions that the driver expects:
     * otherwise a missing segment would go unnoticed.
     *
     * @param partitions ascending
     * @throws SegmentUnavailable naming the first partition that differs
     */
    public Wanted requirePartitions(List<Integer> partitions) throws SegmentUnavailable {
      for (int i = 0; i < Math.max(partitions.size(), segments.size()); i++) {
        int expected = i < partitions.size() ? partitions.get(i) : Integer.MAX_VALUE;
        int found = i < segments.size() ? segments.get(i).partition() : Integer.MAX_VALUE;
        if (expected != found) {
          String why =
              expected < found
                  ? "the index has no such segment"
                  : "the driver knows no such segment";
          throw new SegmentUnavailable(this, Math.min(expected, found), why, null);
        }
      }
      return this;
    }
  }

  /**
   * A segment in a requested object.
   *
   * @param position where it begins there; in the output's own object its {@link Segment#start}
   */
  public record PlacedSegment(Wanted wanted, Segment segment, long position) {
    /** First offset after it. */
    public long end() {
      return position + segment.lengthBytes();
    }
  }

  /**
   * One ranged GET of {@code [start, end)}: whole segments, or a slice of a single large one.
   *
   * @param object the output's own, or a merged one
   * @param inline when given, the range lies in it and no GET is needed
   * @param segments ascending by position, disjoint; back to back in the output's own object
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; compared by tests where it is null
  public record Request(
      ObjectLocation object,
      byte @Nullable [] inline,
      long start,
      long end,
      List<PlacedSegment> segments) {
    /** How much memory the answer takes. */
    public int lengthBytes() {
      return Math.toIntExact(end - start);
    }

    /** Whether this holds its segments whole. */
    public boolean isWhole() {
      return start == segments.get(0).position() && end == segments.get(segments.size() - 1).end();
    }

    /** Whether there is another way to its bytes: the outputs' own objects. */
    public boolean isMerged() {
      return !object.equals(segments.get(0).wanted().object());
    }
  }

  /**
   * One request for neighbouring segments of an output. A request above {@code maxRequestBytes} is
   * cut, between segments where possible; a segment that is larger alone is cut into slices.
   * Example, at most 8 bytes, segments {@code [0,4) [4,8) [8,30)}: {@code [0,8)}, then {@code
   * [8,16) [16,24) [24,30)}.
   *
   * @param wanted outputs in the order of their map indexes
   * @param first the output to begin with: reduce tasks that start together and begin at different
   *     outputs do not all ask for one key prefix at once; taken modulo the number of outputs
   * @param maxRequestBytes 1 to 2^31 - 1
   * @return in the order in which they are to be consumed; the slices of a segment follow each
   *     other
   */
  public static List<Request> plan(List<Wanted> wanted, int first, int maxRequestBytes) {
    return plan(wanted, List.of(), first, maxRequestBytes);
  }

  /**
   * As {@link #plan(List, int, int)}, but what merged objects have is taken from them where that is
   * fewer requests. A group of outputs that were merged together is one output in the order.
   */
  public static List<Request> plan(
      List<Wanted> wanted, List<MergedSource> merged, int first, int maxRequestBytes) {
    List<List<Request>> units = MergedPlan.units(wanted, merged, maxRequestBytes);
    List<Request> requests = new ArrayList<>(units.size());
    for (int i = 0; i < units.size(); i++) {
      requests.addAll(units.get((first % units.size() + i) % units.size()));
    }
    return requests;
  }

  /** The requests for some segments of one output, from its own object. */
  static List<Request> direct(Wanted wanted, List<Segment> segments, int maxRequestBytes) {
    List<PlacedSegment> placedSegments = new ArrayList<>(segments.size());
    for (Segment segment : segments) {
      placedSegments.add(new PlacedSegment(wanted, segment, segment.start()));
    }
    return join(wanted.object(), wanted.inline(), placedSegments, 0, maxRequestBytes);
  }

  /**
   * Joins neighbouring segments of one object.
   *
   * @param maxGapBytes segments may be so far apart: skipped bytes cost less than another request
   */
  static List<Request> join(
      ObjectLocation object,
      byte @Nullable [] inline,
      List<PlacedSegment> placedSegments,
      int maxGapBytes,
      int maxRequestBytes) {
    List<Request> requests = new ArrayList<>(1);
    int from = 0;
    for (int i = 0; i < placedSegments.size(); i++) {
      PlacedSegment placed = placedSegments.get(i);
      boolean joins =
          i > from
              && placed.position() - placedSegments.get(i - 1).end() <= maxGapBytes
              && placed.end() - placedSegments.get(from).position() <= maxRequestBytes;
      if (i > from && !joins) {
        requests.add(whole(object, inline, placedSegments.subList(from, i)));
        from = i;
      }
      if (placed.segment().lengthBytes() > maxRequestBytes) {
        slice(requests, object, inline, placed, maxRequestBytes);
        from = i + 1;
      }
    }
    if (from < placedSegments.size()) {
      requests.add(whole(object, inline, placedSegments.subList(from, placedSegments.size())));
    }
    return requests;
  }

  private static Request whole(
      ObjectLocation object, byte @Nullable [] inline, List<PlacedSegment> placedSegments) {
    return new Request(
        object,
        inline,
        placedSegments.get(0).position(),
        placedSegments.get(placedSegments.size() - 1).end(),
        List.copyOf(placedSegments));
  }

  private static void slice(
      List<Request> requests,
      ObjectLocation object,
      byte @Nullable [] inline,
      PlacedSegment placed,
      int maxRequestBytes) {
    for (long start = placed.position(); start < placed.end(); start += maxRequestBytes) {
      long end = Math.min(placed.end(), start + maxRequestBytes);
      requests.add(new Request(object, inline, start, end, List.of(placed)));
    }
  }
}
