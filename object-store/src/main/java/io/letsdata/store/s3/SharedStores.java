// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.options.Evolving;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores that a process shares, one for each value of the settings, counted by {@link
 * RequestMeter#PROCESS}. S3 clients are expensive (a connection pool, 100 ms to build), and Hadoop
 * creates file systems without a way to pass a store in.
 */
@Evolving
public final class SharedStores {

  private static final Logger LOG = LoggerFactory.getLogger(SharedStores.class);

  /** A process has few settings; one that makes new ones for each job should be noticed. */
  private static final int MANY = 64;

  private static final Map<StoreSettings, ObjectStore> STORES = new ConcurrentHashMap<>();

  private SharedStores() {}

  /** The store for these settings; closing it does nothing. Costs no request. */
  public static ObjectStore get(StoreSettings settings) {
    return STORES.computeIfAbsent(
        settings,
        wanted -> {
          if (STORES.size() + 1 == MANY) {
            LOG.warn(
                "This process has opened {} stores with different settings, each with a client of"
                    + " its own. Use the same settings for all jobs.",
                MANY);
          }
          return S3ObjectStore.createShared(wanted, RequestMeter.PROCESS);
        });
  }
}
