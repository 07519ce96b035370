// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.MapStatus;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.util.Utils;

/**
 * Gives map statuses their locations, so that no reduce task waits for a host. A task that prefers
 * a host which is never free waits {@code spark.locality.wait} once another task of its stage has a
 * place that is (a cached block, an HDFS block): {@code TaskSetManager.getAllowedLocalityLevel},
 * Spark 3.5.9. On a local master it waits for ever, because that master offers its slots only when
 * a task ends.
 *
 * <ul>
 *   <li>on a local master all outputs are at the only host there is, as Spark's own are
 *   <li>on the Lambda master they are at a host that has no slot; no slot has what another task
 *       prefers either, so that no task waits
 *   <li>on other masters they have no host: {@link UnplacedMapStatus}
 * </ul>
 *
 * <p>Immutable.
 */
@Internal
public final class MapPlaces {
  private final String host;
  private final boolean unplaced;

  private MapPlaces(String host, boolean unplaced) {
    this.host = host;
    this.unplaced = unplaced;
  }

  /** The places that fit the session's master. */
  public static MapPlaces of(SparkConf conf) {
    if (Utils.isLocalMaster(conf)) {
      return new MapPlaces(Utils.localCanonicalHostName(), false);
    }
    boolean lambda = conf.get("spark.master", "").contains("lambda://");
    // Kryo would refuse a class of ours in a task's result; the driver made its serializer before
    // the shuffle manager (SparkEnv.create), which could register it.
    boolean strict = conf.getBoolean("spark.kryo.registrationRequired", false);
    return new MapPlaces(MapLocation.HOST, !lambda && !strict);
  }

  /** The location of a map output, as a fetch failure names it. */
  public BlockManagerId locationOf(MapRef map) {
    return MapLocation.of(map, host);
  }

  /** The status with the location of the map output. */
  public MapStatus place(MapStatus status, MapRef map) {
    status.updateLocation(locationOf(map));
    return unplaced ? new UnplacedMapStatus(status) : status;
  }
}
