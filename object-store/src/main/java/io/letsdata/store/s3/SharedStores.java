// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stores that a process shares, one for each settings, counted by {@link RequestMeter#PROCESS}. S3
 * clients are expensive (a connection pool, 100 ms to build), and Hadoop creates file systems where
 * nobody can hand one in.
 */
@Internal
public final class SharedStores {

  /** More would be a leak: settings come from configuration, of which a process has few. */
  private static final int MAX_STORES = 16;

  private static final Map<StoreSettings, ObjectStore> STORES = new ConcurrentHashMap<>();

  private SharedStores() {}

  /** The store for these settings; closing it does nothing. Costs no request. */
  public static ObjectStore get(StoreSettings settings) {
    return STORES.computeIfAbsent(
        settings,
        wanted -> {
          if (STORES.size() >= MAX_STORES) {
            throw new IllegalStateException(
                "Cannot open another store: this process already uses " + MAX_STORES);
          }
          return S3ObjectStore.createShared(wanted, RequestMeter.PROCESS);
        });
  }
}
