// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import io.letsdata.options.Options;
import io.letsdata.protocol.SealedStore;
import io.letsdata.protocol.Session;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.util.Map;

/** The stores that payloads name. Thread-safe; no request. */
interface WorkerStores {
  /** Stores of S3, one client for equal settings. */
  WorkerStores SHARED =
      properties -> SharedStores.get(StoreSettings.from(Options.ofSession(properties)));

  /**
   * The store with these settings, see {@link StoreSettings}.
   *
   * @throws IllegalArgumentException when a setting is invalid
   */
  ObjectStore of(Map<String, String> properties);

  /** The objects that driver and workers of an application exchange. */
  default SealedStore sealed(Session session) {
    return new SealedStore(of(session.store()), session.key());
  }
}
