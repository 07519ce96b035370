// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.spark.offsets.TrackedOutputs;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.spark.FetchFailed;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a task reports that a map output is lost, looks whether other outputs of the shuffle are
 * lost too, and makes Spark compute all of them again at once. Without it each attempt of the stage
 * finds only as many as it has slots, and Spark ends the job after four attempts ({@code
 * spark.stage.maxConsecutiveAttempts}).
 *
 * <p>One HEAD for each output of the shuffle that has an object, and none while no output is lost.
 * For the driver; thread-safe.
 */
final class LostOutputs extends SparkListener {
  private static final Logger LOG = LoggerFactory.getLogger(LostOutputs.class);

  private final DriverShuffles driver;
  private final Set<Integer> looking = ConcurrentHashMap.newKeySet();

  LostOutputs(DriverShuffles driver) {
    this.driver = driver;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason() instanceof FetchFailed failed && looking.add(failed.shuffleId())) {
      try {
        look(failed.shuffleId());
      } catch (RejectedExecutionException e) {
        LOG.debug("The application is stopping", e);
      }
    }
  }

  /** Spark submits the stage again after 200 ms; later finds still count for that attempt. */
  private void look(int shuffleId) {
    Executor executor = driver.context().executor();
    List<CompletableFuture<?>> looks = new ArrayList<>();
    Set<MapRef> lost = ConcurrentHashMap.newKeySet();
    for (MapRef map : TrackedOutputs.of(shuffleId)) {
      if (driver.registry().hasObject(shuffleId, map)) {
        looks.add(
            CompletableFuture.runAsync(
                () -> {
                  if (isMissing(shuffleId, map)) {
                    lost.add(map);
                  }
                },
                executor));
      }
    }
    var unused =
        CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new))
            .whenComplete(
                (done, failure) -> {
                  looking.remove(shuffleId);
                  if (!lost.isEmpty()) {
                    LOG.warn("{} outputs of shuffle {} are lost at once", lost.size(), shuffleId);
                    TrackedOutputs.unregister(shuffleId, lost);
                  }
                });
  }

  private boolean isMissing(int shuffleId, MapRef map) {
    ObjectLocation object = driver.context().layout().dataLocation(shuffleId, map);
    try {
      return driver.context().store().stat(object).isEmpty();
    } catch (IOException e) {
      LOG.debug("Cannot look for {}", object, e);
      return false; // a task that reads it decides
    }
  }
}
