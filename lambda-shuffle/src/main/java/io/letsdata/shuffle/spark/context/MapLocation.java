// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.storage.BlockManagerId;
import scala.Option;

/**
 * The location that a map output gets in Spark's map status: an executor of its own, on a host that
 * all share and that does not exist ({@link MapPlaces} has the exceptions). On a fetch failure the
 * DAG scheduler drops every output of the failed location's executor
 * (DAGScheduler.removeExecutorAndUnregisterOutputs, Spark 3.5.9); with this location it drops only
 * this one. The location carries the nonce, which makes the object's key. Stateless.
 */
@Internal
public final class MapLocation {
  /** A name that no resolver answers for (RFC 2606); one, so that it is asked once. */
  static final String HOST = "shuffle.invalid";

  /**
   * Version of the locations that {@link #of} makes; drivers read them from the statuses that
   * workers send.
   */
  static final int VERSION = 2;

  /** A text, because this package must not use the one above it. */
  private static final String MANAGER = "io.letsdata.shuffle.spark.S3ShuffleManager";

  private static final Pattern EXECUTOR = Pattern.compile("m([0-9]{1,19})-([A-Za-z0-9_]{1,64})");

  private MapLocation() {}

  /** The location of a map output, on the host that does not exist. */
  public static BlockManagerId of(MapRef map) {
    return of(map, HOST);
  }

  static BlockManagerId of(MapRef map, String host) {
    return BlockManagerId.apply("m" + map.mapId() + "-" + map.nonce(), host, 1, Option.empty());
  }

  /**
   * Inverse of {@link #of}.
   *
   * @throws IllegalStateException when another shuffle manager made it
   */
  public static MapRef parse(BlockManagerId location) {
    Matcher executor = EXECUTOR.matcher(location.executorId());
    if (!executor.matches()) {
      throw new IllegalStateException(
          "Cannot read the shuffle output at "
              + location
              + ": it was not written by "
              + MANAGER
              + ".");
    }
    return new MapRef(Long.parseLong(executor.group(1)), executor.group(2));
  }
}
