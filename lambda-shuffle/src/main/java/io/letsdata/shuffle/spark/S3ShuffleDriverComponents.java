// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.request.ShuffleReport;
import io.letsdata.shuffle.spark.offsets.OffsetsEndpoint;
import io.letsdata.shuffle.spark.offsets.TrackedOutputs;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.shuffle.api.ShuffleDriverComponents;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the objects of removed shuffles: outputs that reported ({@code OutputRegistry}) and
 * outputs that Spark's tracker has; and at the end everything else below the application's root,
 * which is its own.
 */
final class S3ShuffleDriverComponents implements ShuffleDriverComponents {
  private static final Logger LOG = LoggerFactory.getLogger(S3ShuffleDriverComponents.class);

  private final Supplier<DriverShuffles> driver;
  private @Nullable OffsetsEndpoint endpoint;

  /** Spark may create this before it has its environment: {@code driver} is asked when used. */
  S3ShuffleDriverComponents(Supplier<DriverShuffles> driver) {
    this.driver = driver;
  }

  @Override
  public Map<String, String> initializeApplication() {
    DriverShuffles shuffles = driver.get();
    shuffles.check();
    var rpc = SparkEnv.get().rpcEnv();
    OffsetsEndpoint own =
        new OffsetsEndpoint(
            rpc, shuffles.registry(), shuffles.plans(), shuffles.context().executor());
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
    remove(shuffleId, driver.get().registry().forgetReaders(shuffleId));
  }

  /** Objects of readers are the run's: its end deletes them, unless it is to be kept. */
  private void remove(int shuffleId, List<ObjectLocation> ofReaders) {
    DriverShuffles shuffles = driver.get();
    Set<ObjectLocation> objects = new LinkedHashSet<>(ofReaders);
    for (MapRef map : TrackedOutputs.of(shuffleId)) {
      if (!shuffles.registry().knows(shuffleId, map)) {
        objects.add(shuffles.context().layout().dataLocation(shuffleId, map));
      }
    }
    objects.addAll(shuffles.registry().forget(shuffleId));
    shuffles.plans().forget(shuffleId);
    if (endpoint != null) {
      endpoint.forget(shuffleId);
    }
    delete(shuffles, objects);
    shuffles.context().accounts().remove(shuffleId);
  }

  @Override
  public void cleanupApplication() {
    DriverShuffles shuffles = driver.get();
    for (int shuffleId : TrackedOutputs.shuffleIds()) {
      remove(shuffleId, List.of());
    }
    delete(shuffles, new LinkedHashSet<>(shuffles.registry().forgetAll()));
    shuffles.end();
    ShuffleReport report = shuffles.context().accounts().report();
    if (!report.equals(ShuffleReport.ZERO)) {
      LOG.info("Shuffled over S3: {}", report);
    }
  }

  private static void delete(DriverShuffles shuffles, Set<ObjectLocation> objects) {
    if (!objects.isEmpty()) {
      try {
        shuffles.context().store().delete(List.copyOf(objects));
      } catch (IOException e) {
        LOG.warn("Left {} shuffle objects to the bucket's lifecycle rule", objects.size(), e);
      }
    }
  }
}
