// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.MapSegments;
import io.letsdata.shuffle.offsets.MergedExtents;
import io.letsdata.store.ObjectLocation;
import java.util.ArrayList;
import java.util.List;

/**
 * A merged object and the segments that a reader could take from it. Immutable.
 *
 * @param group sources of one group hold the same map outputs, other partitions of them
 * @param places in the order of the object
 */
@Internal
public record MergedSource(ObjectLocation object, int group, List<Place> places) {
  /** Where a segment of an output begins in the merged object. */
  public record Place(MapRef map, Segment segment, long position) {}

  /**
   * All merged objects of the index. An extent whose length is not that of its members' segments is
   * left out: then the table and the object describe different outputs, or a member's offsets are
   * unknown here. No request.
   */
  public static List<MergedSource> in(MapOutputIndex index, ShuffleLayout layout, int shuffleId) {
    List<MergedSource> sources = new ArrayList<>();
    for (MergedExtents extents : index.merged()) {
      List<Place> places = places(extents, index);
      if (!places.isEmpty()) {
        ObjectLocation object = layout.mergedLocation(shuffleId, extents.nonce());
        sources.add(new MergedSource(object, extents.group(), places));
      }
    }
    return sources;
  }

  private static List<Place> places(MergedExtents extents, MapOutputIndex index) {
    List<MapRef> members = extents.members();
    List<List<Segment>> segments = new ArrayList<>(members.size());
    for (MapRef member : members) {
      segments.add(
          index
              .segments(member)
              .filter(found -> found.inline() == null)
              .map(MapSegments::segments)
              .orElse(List.of()));
    }
    int[] next = new int[members.size()];
    List<Place> places = new ArrayList<>();
    for (int extent = 0; extent < extents.starts().length; extent++) {
      int partition = extents.firstPartition() + extent;
      int before = places.size();
      long position = extents.starts()[extent];
      for (int member = 0; member < next.length; member++) {
        List<Segment> own = segments.get(member);
        while (next[member] < own.size() && own.get(next[member]).partition() < partition) {
          next[member]++;
        }
        if (next[member] < own.size() && own.get(next[member]).partition() == partition) {
          Segment segment = own.get(next[member]);
          places.add(new Place(members.get(member), segment, position));
          position += segment.lengthBytes();
        }
      }
      if (position - extents.starts()[extent] != extents.extentBytes()[extent]) {
        places.subList(before, places.size()).clear();
      }
    }
    return places;
  }
}
