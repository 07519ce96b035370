package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.MapOutput;
import io.letsdata.shuffle.OffsetsTable;
import io.letsdata.shuffle.ShuffleOffsets;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.SharedStores;
import io.letsdata.store.StoreSettings;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * The runtime on masters that are not ours: everything from the session's configuration. Immutable.
 *
 * @param driverOffsets of the driver, when tasks run in its process; on executors nobody collects
 *     them
 */
record SessionRuntime(
    ObjectStore store, ObjectLocation root, Optional<ShuffleOffsets> driverOffsets)
    implements ShuffleRuntime {
  static final String RUN_LOCATION = "spark.letsdata.run.location";

  /** Objects go to {@code <run location>/<application id>}. Costs no request. */
  static SessionRuntime from(SparkConf conf, Optional<ShuffleOffsets> driverOffsets) {
    StoreSettings settings = StoreSettings.from(key -> Optional.ofNullable(conf.get(key, null)));
    return new SessionRuntime(
        SharedStores.get(settings), runLocation(conf).resolve(conf.getAppId()), driverOffsets);
  }

  /**
   * Where the session's runs put their objects.
   *
   * @throws IllegalArgumentException when it is missing or no location
   */
  static ObjectLocation runLocation(SparkConf conf) {
    String text = conf.get(RUN_LOCATION, "");
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot shuffle over S3: "
              + RUN_LOCATION
              + " is not set. Set it to s3://<bucket>/<prefix> for the run's own objects.");
    }
    return ObjectLocation.parse(text);
  }

  @Override
  public Optional<OffsetsTable> offsets(int shuffleId) {
    return Optional.empty();
  }

  @Override
  public void committed(MapOutput output) {
    driverOffsets.ifPresent(offsets -> offsets.add(output));
  }
}
