// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.protocol.RunHeartbeat;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes an application out of the store.
 *
 * @param heartbeat closed first; null when none was started
 * @param keepObjects whether all but the sign of life stays
 * @param flags keys that stay for workers to find
 */
public record EndOfRun(
    ObjectStore store,
    ObjectLocation root,
    @Nullable RunHeartbeat heartbeat,
    boolean keepObjects,
    Set<String> flags) {

  /**
   * Deletes until {@code atMost} has passed; a request in progress is waited for. One DELETE, one
   * LIST and one DELETE per 1000 objects.
   */
  public void clean(Duration atMost) {
    if (heartbeat != null) {
      heartbeat.close();
    }
    if (!keepObjects) {
      StoreDeletes.allBelow(store, root, atMost, flags::contains);
    }
  }

  /**
   * The same for a process that is ending: a store that does not answer cannot hold it longer than
   * {@code atMost}.
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
