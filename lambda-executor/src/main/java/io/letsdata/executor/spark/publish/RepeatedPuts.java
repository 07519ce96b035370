// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.store.Backoff;
import io.letsdata.store.ForwardingObjectStore;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store that puts an object again when the other store was unavailable. For the files and
 * broadcasts of the driver: without one of them a whole stage fails, and Spark repeats tasks, not
 * stages whose inputs are missing. The other store has tried for seconds, or for 80 s when it does
 * not respond, before this begins; repeating a plain PUT is harmless. Thread-safe.
 */
final class RepeatedPuts extends ForwardingObjectStore {
  private static final Logger LOG = LoggerFactory.getLogger(RepeatedPuts.class);

  /** With pauses of up to 1, 2, 4 and 8 s between them. */
  private static final int TRIES = 5;

  private static final long FIRST_PAUSE_MILLIS = 1_000;

  /** Waits between two tries. */
  interface Pause {
    void upTo(long millis) throws InterruptedIOException;
  }

  private final ObjectStore store;
  private final Pause pause;

  RepeatedPuts(ObjectStore store) {
    this(store, millis -> Backoff.pause("store an object again", millis));
  }

  RepeatedPuts(ObjectStore store, Pause pause) {
    this.store = store;
    this.pause = pause;
  }

  @Override
  protected ObjectStore delegate() {
    return store;
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return store.put(location, content);
      } catch (StoreUnavailable e) {
        if (tries == TRIES) {
          throw e;
        }
        LOG.warn("Try {} of {} to store {} failed: {}", tries, TRIES, location, e.getMessage());
        pause.upTo(FIRST_PAUSE_MILLIS << (tries - 1));
      }
    }
  }
}
