// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes objects to which nothing refers; a failure costs storage, never a result. */
final class StoreDeletes {
  private static final Logger LOG = LoggerFactory.getLogger(StoreDeletes.class);
  private static final int BATCH = 1000;

  private StoreDeletes() {}

  /** One DELETE per 1000 objects. */
  static void quietly(ObjectStore store, List<ObjectLocation> locations) {
    try {
      if (!locations.isEmpty()) {
        store.delete(locations);
      }
    } catch (IOException e) {
      LOG.warn("Cannot delete {} objects, first {}", locations.size(), locations.get(0), e);
    }
  }

  /**
   * Deletes the objects below {@code root} until {@code atMost} has passed. One LIST and one DELETE
   * per 1000 objects.
   *
   * @param keep matches keys that stay
   */
  static void allBelow(
      ObjectStore store, ObjectLocation root, Duration atMost, Predicate<String> keep) {
    long started = System.nanoTime();
    List<ObjectLocation> batch = new ArrayList<>();
    try {
      Iterator<ListedObject> all = store.listAll(root.bucket(), root.key() + "/");
      while (all.hasNext()) {
        String key = all.next().location().key();
        if (!keep.test(key)) {
          batch.add(new ObjectLocation(root.bucket(), key));
        }
        if (batch.size() == BATCH) {
          quietly(store, batch);
          batch = new ArrayList<>();
          if (System.nanoTime() - started > atMost.toNanos()) {
            LOG.warn("Not all objects below {} are deleted: run letsdata gc", root);
            return;
          }
        }
      }
    } catch (UncheckedIOException e) {
      LOG.warn("Cannot list {} for cleaning up", root, e);
    }
    quietly(store, batch);
  }
}
