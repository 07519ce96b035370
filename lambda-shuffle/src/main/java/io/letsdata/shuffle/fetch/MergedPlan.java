// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Segment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses between merged objects and the outputs' own objects, group by group: the choice with
 * fewer requests. Pure.
 *
 * <p>Example: map outputs A, B and C have 10 bytes for each of two partitions, at {@code [0,10)}
 * and {@code [10,20)}. A merged object has those of A and B: A's first at {@code [0,10)}, B's first
 * at {@code [10,20)}, A's second at {@code [20,30)}, B's second at {@code [30,40)}.
 *
 * <ul>
 *   <li>A reader of A, B and C sends 2 requests instead of 3: {@code [0,40)} of the merged object
 *       and {@code [0,20)} of C's own.
 *   <li>A reader of A and C sends 2 requests, both to the outputs' own objects: the merged object
 *       would save none.
 * </ul>
 */
final class MergedPlan {
  /**
   * Bytes between two wanted placedSegments of a merged object that are read along: segments of
   * outputs that a task of a skewed partition leaves to others, or of an output that was made
   * again. At 78 MB/s they take a millisecond.
   */
  private static final int MAX_GAP_BYTES = 64 << 10;

  private final List<FetchPlan.Wanted> wanted;
  private final int maxRequestBytes;
  private final Map<MapRef, Integer> ordinals = new HashMap<>();

  private MergedPlan(List<FetchPlan.Wanted> wanted, int maxRequestBytes) {
    this.wanted = wanted;
    this.maxRequestBytes = maxRequestBytes;
    for (int i = 0; i < wanted.size(); i++) {
      ordinals.put(wanted.get(i).map(), i);
    }
  }

  /**
   * One unit for each output that is read from its own object and has anything, and one for each
   * group that is not.
   */
  static List<List<FetchPlan.Request>> units(
      List<FetchPlan.Wanted> wanted, List<MergedSource> merged, int maxRequestBytes) {
    MergedPlan plan = new MergedPlan(wanted, maxRequestBytes);
    Map<Integer, List<FetchPlan.Request>> groups = plan.groups(merged);
    List<List<FetchPlan.Request>> units = new ArrayList<>(wanted.size());
    Set<Integer> grouped = new HashSet<>();
    Map<Integer, List<FetchPlan.Request>> byFirst = new HashMap<>();
    for (List<FetchPlan.Request> group : groups.values()) {
      Set<Integer> members = plan.members(group);
      grouped.addAll(members);
      byFirst.put(Collections.min(members), group);
    }
    for (int i = 0; i < wanted.size(); i++) {
      List<FetchPlan.Request> unit =
          grouped.contains(i)
              ? byFirst.getOrDefault(i, List.of())
              : plan.direct(i, wanted.get(i).segments());
      if (!unit.isEmpty()) {
        units.add(unit);
      }
    }
    return units;
  }

  /**
   * The same segments from the outputs' own objects, in the order of the outputs' first
   * placedSegments.
   */
  static List<FetchPlan.Request> directly(
      List<FetchPlan.PlacedSegment> placedSegments, int maxRequestBytes) {
    Map<MapRef, List<FetchPlan.PlacedSegment>> byOutput = new LinkedHashMap<>();
    for (FetchPlan.PlacedSegment placed : placedSegments) {
      byOutput.computeIfAbsent(placed.wanted().map(), map -> new ArrayList<>()).add(placed);
    }
    List<FetchPlan.Request> requests = new ArrayList<>(byOutput.size());
    for (List<FetchPlan.PlacedSegment> own : byOutput.values()) {
      List<Segment> segments = own.stream().map(FetchPlan.PlacedSegment::segment).toList();
      requests.addAll(FetchPlan.direct(own.get(0).wanted(), segments, maxRequestBytes));
    }
    return requests;
  }

  /** The groups for which merged objects are fewer requests, with all requests of their outputs. */
  private Map<Integer, List<FetchPlan.Request>> groups(List<MergedSource> merged) {
    Map<Integer, List<MergedSource>> sources = new LinkedHashMap<>();
    for (MergedSource source : merged) {
      sources.computeIfAbsent(source.group(), group -> new ArrayList<>()).add(source);
    }
    Map<Integer, List<FetchPlan.Request>> chosen = new LinkedHashMap<>();
    sources.forEach(
        (group, own) -> {
          List<FetchPlan.Request> requests = group(own);
          if (!requests.isEmpty()) {
            chosen.put(group, requests);
          }
        });
    return chosen;
  }

  /** All requests of a group's outputs, or none when their own objects are as good. */
  private List<FetchPlan.Request> group(List<MergedSource> sources) {
    List<FetchPlan.Request> requests = new ArrayList<>();
    Map<Integer, BitSet> covered = new LinkedHashMap<>();
    for (MergedSource source : sources) {
      List<FetchPlan.PlacedSegment> placedSegments = new ArrayList<>(source.places().size());
      for (MergedSource.Place place : source.places()) {
        Integer ordinal = ordinals.get(place.map());
        int segment = ordinal == null ? -1 : find(wanted.get(ordinal), place.segment());
        if (ordinal != null && segment >= 0) {
          FetchPlan.Wanted output = wanted.get(ordinal);
          placedSegments.add(
              new FetchPlan.PlacedSegment(
                  output, output.segments().get(segment), place.position()));
          covered.computeIfAbsent(ordinal, i -> new BitSet()).set(segment);
        }
      }
      requests.addAll(
          FetchPlan.join(source.object(), null, placedSegments, MAX_GAP_BYTES, maxRequestBytes));
    }
    int direct = 0;
    for (Map.Entry<Integer, BitSet> output : covered.entrySet()) {
      List<Segment> all = wanted.get(output.getKey()).segments();
      direct += direct(output.getKey(), all).size();
      List<Segment> left = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        if (!output.getValue().get(i)) {
          left.add(all.get(i));
        }
      }
      requests.addAll(direct(output.getKey(), left));
    }
    return requests.size() < direct ? requests : List.of();
  }

  /**
   * The same segment among those wanted; segments too large for a request are taken from their own
   * objects, where a failed slice concerns no other output.
   */
  private int find(FetchPlan.Wanted output, Segment segment) {
    if (segment.lengthBytes() > maxRequestBytes || output.inline() != null) {
      return -1;
    }
    int low = 0;
    int high = output.segments().size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int partition = output.segments().get(middle).partition();
      if (partition == segment.partition()) {
        return output.segments().get(middle).equals(segment) ? middle : -1;
      } else if (partition < segment.partition()) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private List<FetchPlan.Request> direct(int ordinal, List<Segment> segments) {
    return FetchPlan.direct(wanted.get(ordinal), segments, maxRequestBytes);
  }

  private Set<Integer> members(List<FetchPlan.Request> requests) {
    Set<Integer> members = new HashSet<>();
    for (FetchPlan.Request request : requests) {
      for (FetchPlan.PlacedSegment placed : request.segments()) {
        Integer ordinal = ordinals.get(placed.wanted().map());
        if (ordinal != null) {
          members.add(ordinal);
        }
      }
    }
    return members;
  }
}
