// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks.scale;

import io.letsdata.protocol.RunLayout;
import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.spark.context.MapLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ShuffleStatus;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.MapStatus$;

/**
 * The driver's work once between a shuffle's map and reduce stage, without the two PUTs: it
 * serializes Spark's statuses, builds our table of offsets and hashes both for their keys.
 */
final class PublishedStatuses {
  private static final int SHUFFLE = 1;

  private final ShuffleStatus statuses;
  private final OutputRegistry offsets =
      new OutputRegistry(
          () -> {
            throw new IllegalStateException("the bounds are never reached");
          },
          DriverBounds.DEFAULT);
  private final List<MapRef> maps = new ArrayList<>();

  PublishedStatuses(int mapTasks, int partitions) {
    Random random = new Random(7);
    statuses = new ShuffleStatus(mapTasks, partitions);
    for (int map = 0; map < mapTasks; map++) {
      long[] lengths = new long[partitions];
      int[] crc32c = new int[partitions];
      for (int i = 0; i < partitions; i++) {
        lengths[i] = 1L + random.nextInt(128 << 10);
        crc32c[i] = random.nextInt();
      }
      String nonce = "r%08x".formatted(random.nextInt());
      MapOutput output = new MapOutput(SHUFFLE, map, nonce, lengths, crc32c);
      add(output);
      maps.add(output.ref());
      statuses.addMapOutput(
          map, MapStatus$.MODULE$.apply(MapLocation.of(output.ref()), lengths, map));
    }
  }

  private void add(MapOutput output) {
    try {
      offsets.add(MapReport.stored(output));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Publishes once.
   *
   * @return bytes of both objects
   */
  long publish() {
    SparkEnv env = SparkEnv.get();
    statuses.invalidateSerializedMapOutputStatusCache();
    byte[] serialized =
        statuses.serializedMapStatus(env.broadcastManager(), false, Integer.MAX_VALUE, env.conf());
    byte[] table = offsets.tables().table(SHUFFLE, maps);
    if (RunLayout.sha256(serialized).equals(RunLayout.sha256(table))) {
      throw new IllegalStateException("two objects under one key");
    }
    return (long) serialized.length + table.length;
  }
}
