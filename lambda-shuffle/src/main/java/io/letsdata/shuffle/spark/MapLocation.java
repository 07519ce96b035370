package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.MapRef;
import org.apache.spark.storage.BlockManagerId;
import scala.Option;

/**
 * The location that a map output gets in Spark's map status: one of its own. On a fetch failure the
 * DAG scheduler drops every output of the failed location's executor
 * (DAGScheduler.removeExecutorAndUnregisterOutputs, Spark 3.5.9); so it drops just this one. The
 * location carries the nonce, which makes the object's key. Stateless.
 */
final class MapLocation {
  private MapLocation() {}

  static BlockManagerId of(MapRef map) {
    return BlockManagerId.apply("m" + map.mapId(), map.nonce(), 1, Option.empty());
  }

  /** Inverse of {@link #of}. */
  static MapRef parse(BlockManagerId location) {
    String executor = location.executorId();
    if (!executor.matches("m[0-9]{1,19}")) {
      throw new IllegalStateException(
          "Cannot read the shuffle output at "
              + location
              + ": it was not written by "
              + S3ShuffleManager.class.getName()
              + ".");
    }
    return new MapRef(Long.parseLong(executor.substring(1)), location.host());
  }
}
