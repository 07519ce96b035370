// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The store and the tails of recently read objects, shared by all file systems of this process with
 * the same settings. Hadoop creates file systems without a way to pass these in.
 */
record StoreContext(ObjectStore store, TailCache tails) {

  private static final long TAIL_CACHE_BYTES = 8L * 1024 * 1024;

  private static final Map<StoreSettings, StoreContext> SHARED = new ConcurrentHashMap<>();

  /** A context of the caller's store. */
  static StoreContext of(ObjectStore store) {
    return new StoreContext(store, new TailCache(TAIL_CACHE_BYTES));
  }

  /** As many as {@link SharedStores} has. */
  static StoreContext shared(StoreSettings settings) {
    return SHARED.computeIfAbsent(settings, wanted -> of(SharedStores.get(wanted)));
  }
}
