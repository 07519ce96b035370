// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.options.Internal;
import io.letsdata.protocol.RunHeartbeat;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes an application's objects from the store at its end.
 *
 * @param root the prefix of the objects
 * @param heartbeat closed first
 * @param keepObjects whether all objects but the heartbeat stay
 * @param flags keys of kill flags, which stay for workers to find
 */
@Internal
public record RunRemoval(
    ObjectStore store,
    ObjectLocation root,
    RunHeartbeat heartbeat,
    boolean keepObjects,
    Set<String> flags) {
  private static final Logger LOG = LoggerFactory.getLogger(RunRemoval.class);
  private static final int BATCH = 1000;

  /**
   * Deletes until {@code atMost} has passed, and waits for a request in progress. One DELETE, one
   * LIST and one DELETE per 1000 objects.
   */
  public void clean(Duration atMost) {
    heartbeat.close();
    if (!keepObjects) {
      allBelow(store, root, atMost, flags::contains);
    }
  }

  /**
   * The same for a process that is ending: it waits at most {@code atMost}, even for a store that
   * does not respond.
   */
  public void cleanUnlessItHangs(Duration atMost) {
    Thread cleaning = new Thread(() -> clean(atMost.dividedBy(2)), "letsdata-end-of-run");
    cleaning.setDaemon(true);
    cleaning.start();
    try {
      cleaning.join(atMost.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Deletes the objects below {@code root} until {@code atMost} has passed. One LIST and one DELETE
   * per 1000 objects.
   *
   * @param keep matches keys that stay
   */
  private static void allBelow(
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
          LaterDeletes.now(store, batch);
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
    LaterDeletes.now(store, batch);
  }
}
