// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.options.Internal;
import io.letsdata.protocol.RunHeartbeat;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.time.Duration;
import java.util.Set;

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

  /**
   * Deletes until {@code atMost} has passed, and waits for a request in progress. One DELETE, one
   * LIST and one DELETE per 1000 objects.
   */
  public void clean(Duration atMost) {
    heartbeat.close();
    if (!keepObjects) {
      StoreDeletes.allBelow(store, root, atMost, flags::contains);
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
}
