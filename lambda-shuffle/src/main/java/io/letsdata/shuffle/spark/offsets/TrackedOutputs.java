// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.offsets;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.spark.context.MapLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.ShuffleStatus;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.MapStatus;
import org.apache.spark.storage.BlockManagerId;
import scala.Option;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** Reads the map outputs of Spark's map output tracker. For the driver's process; stateless. */
@Internal
public final class TrackedOutputs {
  private TrackedOutputs() {}

  /**
   * The map outputs that Spark accepted, in the order of the map indexes; empty for a shuffle that
   * is no longer registered.
   */
  public static List<MapRef> of(int shuffleId) {
    List<MapRef> maps = new ArrayList<>();
    Option<ShuffleStatus> status = tracker().shuffleStatuses().get(shuffleId);
    if (status.isDefined()) {
      status
          .get()
          .withMapStatuses(
              new AbstractFunction1<MapStatus[], BoxedUnit>() {
                @Override
                public BoxedUnit apply(MapStatus[] statuses) {
                  for (MapStatus map : statuses) {
                    if (map != null) {
                      maps.add(MapLocation.parse(map.location()));
                    }
                  }
                  return BoxedUnit.UNIT;
                }
              });
    }
    return maps;
  }

  /** Makes Spark compute these map outputs again with the next attempt of their stage. */
  public static void unregister(int shuffleId, Set<MapRef> lost) {
    Option<ShuffleStatus> status = tracker().shuffleStatuses().get(shuffleId);
    if (status.isEmpty()) {
      return;
    }
    Map<Integer, BlockManagerId> locations = new HashMap<>();
    status
        .get()
        .withMapStatuses(
            new AbstractFunction1<MapStatus[], BoxedUnit>() {
              @Override
              public BoxedUnit apply(MapStatus[] statuses) {
                for (int index = 0; index < statuses.length; index++) {
                  MapStatus map = statuses[index];
                  if (map != null && lost.contains(MapLocation.parse(map.location()))) {
                    locations.put(index, map.location());
                  }
                }
                return BoxedUnit.UNIT;
              }
            });
    locations.forEach(
        (index, location) -> tracker().unregisterMapOutput(shuffleId, index, location));
  }

  /** The registered shuffles. */
  public static List<Integer> shuffleIds() {
    List<Integer> ids = new ArrayList<>();
    scala.collection.Iterator<Object> each = tracker().shuffleStatuses().keysIterator();
    while (each.hasNext()) {
      ids.add((Integer) each.next());
    }
    return ids;
  }

  private static MapOutputTrackerMaster tracker() {
    return (MapOutputTrackerMaster) SparkEnv.get().mapOutputTracker();
  }
}
