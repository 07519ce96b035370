// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all file systems with the same settings share in this process: the store and the ends of
 * objects read lately. Hadoop creates file systems where nobody can hand these in.
 */
record StoreContext(ObjectStore store, TailCache tails) {

  private static final long TAIL_CACHE_BYTES = 8L * 1024 * 1024;

  private static final Map<StoreSettings, StoreContext> SHARED = new ConcurrentHashMap<>();

  /** Around a store of the caller's own. */
  static StoreContext of(ObjectStore store) {
    return new StoreContext(store, new TailCache(TAIL_CACHE_BYTES));
  }

  /** Bounded because {@link SharedStores} is. */
  static StoreContext shared(StoreSettings settings) {
    return SHARED.computeIfAbsent(settings, wanted -> of(SharedStores.get(wanted)));
  }
}
