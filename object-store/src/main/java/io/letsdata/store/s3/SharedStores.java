// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.options.Evolving;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stores that a process shares, one for each value of the settings, counted by {@link
 * RequestMeter#PROCESS}. S3 clients are expensive (a connection pool, 100 ms to build), and Hadoop
 * creates file systems without a way to pass a store in.
 */
@Evolving
public final class SharedStores {

  /** A bound against leaks: a process has few configurations. */
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
