// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.request.ShuffleReport;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.ShuffleStatus;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.MapStatus;
import org.apache.spark.shuffle.api.ShuffleDriverComponents;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Deletes what the driver knows of: outputs that reported ({@code ShuffleOffsets}) and outputs that
 * Spark's tracker has; and at the end what else is below the application's root, which is its own.
 */
final class S3ShuffleDriverComponents implements ShuffleDriverComponents {
  private static final Logger LOG = LoggerFactory.getLogger(S3ShuffleDriverComponents.class);

  private @Nullable OffsetsEndpoint endpoint;

  @Override
  public Map<String, String> initializeApplication() {
    S3ShuffleManager manager = S3ShuffleDataIO.manager();
    manager.check();
    var rpc = SparkEnv.get().rpcEnv();
    OffsetsEndpoint own = new OffsetsEndpoint(rpc, manager, manager.fetchExecutor());
    rpc.setupEndpoint(OffsetsEndpoint.NAME, own);
    endpoint = own;
    return Map.of();
  }

  @Override
  public boolean supportsReliableStorage() {
    return true;
  }

  /**
   * One DELETE a thousand outputs. Called before the tracker forgets the shuffle (ContextCleaner,
   * Spark 3.5.9).
   */
  @Override
  public void removeShuffle(int shuffleId, boolean blocking) {
    S3ShuffleManager manager = S3ShuffleDataIO.manager();
    Set<ObjectLocation> objects = new LinkedHashSet<>();
    for (MapRef map : tracked(shuffleId)) {
      if (!manager.driverOffsets().knows(shuffleId, map)) {
        objects.add(new ShuffleLayout(manager.runtime().root()).dataLocation(shuffleId, map));
      }
    }
    objects.addAll(manager.driverOffsets().forget(shuffleId));
    manager.plans().forget(shuffleId);
    if (endpoint != null) {
      endpoint.forget(shuffleId);
    }
    delete(manager, objects);
    manager.accounts().remove(shuffleId);
  }

  @Override
  public void cleanupApplication() {
    S3ShuffleManager manager = S3ShuffleDataIO.manager();
    scala.collection.Iterator<Object> shuffleIds = tracker().shuffleStatuses().keysIterator();
    while (shuffleIds.hasNext()) {
      removeShuffle((Integer) shuffleIds.next(), true);
    }
    delete(manager, new LinkedHashSet<>(manager.driverOffsets().forgetAll()));
    manager.end();
    ShuffleReport report = manager.accounts().report();
    if (!report.equals(ShuffleReport.ZERO)) {
      LOG.info("Shuffled over S3: {}", report);
    }
  }

  private static MapOutputTrackerMaster tracker() {
    return (MapOutputTrackerMaster) SparkEnv.get().mapOutputTracker();
  }

  /** The runs that Spark counts with, in the order of the map indexes; none for a gone shuffle. */
  static List<MapRef> tracked(int shuffleId) {
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

  private static void delete(S3ShuffleManager manager, Set<ObjectLocation> objects) {
    if (!objects.isEmpty()) {
      try {
        manager.store().delete(List.copyOf(objects));
      } catch (IOException e) {
        LOG.warn("Left {} shuffle objects to the bucket's lifecycle rule", objects.size(), e);
      }
    }
  }
}
