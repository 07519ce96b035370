package io.letsdata.shuffle;

import io.letsdata.store.ObjectLocation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which ranges of which objects a reduce task requests, and in which order. Pure: costs
 * nothing, changes nothing.
 */
public final class FetchPlan {
  private FetchPlan() {}

  /**
   * What a task needs of one map output.
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
     * Refuses segments that are not exactly the non-empty partitions that the driver expects: what
     * would be missing would otherwise be missed by nobody.
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
   * One ranged GET of {@code [start, end)}: whole segments back to back, or a slice of a single
   * large one.
   */
  public record Request(Wanted wanted, long start, long end, List<Segment> segments) {
    /** How much memory the answer takes. */
    public int lengthBytes() {
      return Math.toIntExact(end - start);
    }

    /** Whether this holds its segments whole. */
    public boolean isWhole() {
      return start == segments.get(0).start() && end == segments.get(segments.size() - 1).end();
    }
  }

  /**
   * One request for each run of neighbouring segments of an output. Runs above {@code
   * maxRequestBytes} are cut, between segments where possible; a segment that is larger alone is
   * cut into slices. Example, at most 8 bytes, segments {@code [0,4) [4,8) [8,30)}: {@code [0,8)},
   * then {@code [8,16) [16,24) [24,30)}.
   *
   * @param wanted outputs in the order of their map indexes
   * @param first the output to begin with: reduce tasks that start together and begin at different
   *     outputs do not all ask for one key prefix at once; taken modulo the number of outputs
   * @param maxRequestBytes 1 to 2^31 - 1
   * @return in the order in which they are to be consumed; the slices of a segment follow each
   *     other
   */
  public static List<Request> plan(List<Wanted> wanted, int first, int maxRequestBytes) {
    List<Request> requests = new ArrayList<>(wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      add(requests, wanted.get((first % wanted.size() + i) % wanted.size()), maxRequestBytes);
    }
    return requests;
  }

  private static void add(List<Request> requests, Wanted wanted, int maxRequestBytes) {
    List<Segment> run = new ArrayList<>();
    for (Segment segment : wanted.segments()) {
      boolean joins =
          !run.isEmpty()
              && run.get(run.size() - 1).end() == segment.start()
              && segment.end() - run.get(0).start() <= maxRequestBytes;
      if (!joins) {
        flush(requests, wanted, run);
      }
      if (segment.lengthBytes() > maxRequestBytes) {
        slice(requests, wanted, segment, maxRequestBytes);
      } else {
        run.add(segment);
      }
    }
    flush(requests, wanted, run);
  }

  private static void flush(List<Request> requests, Wanted wanted, List<Segment> run) {
    if (!run.isEmpty()) {
      long end = run.get(run.size() - 1).end();
      requests.add(new Request(wanted, run.get(0).start(), end, List.copyOf(run)));
      run.clear();
    }
  }

  private static void slice(
      List<Request> requests, Wanted wanted, Segment segment, int maxRequestBytes) {
    for (long start = segment.start(); start < segment.end(); start += maxRequestBytes) {
      long end = Math.min(segment.end(), start + maxRequestBytes);
      requests.add(new Request(wanted, start, end, List.of(segment)));
    }
  }
}
