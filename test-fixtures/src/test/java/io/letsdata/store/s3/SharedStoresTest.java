// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SharedStoresTest {

  @Test
  void eachOfManySettingsHasOneStore() {
    Set<ObjectStore> stores = new HashSet<>();
    for (int port = 1; port <= 20; port++) {
      StoreSettings settings = TestIdentity.settings(URI.create("http://127.0.0.1:" + port));
      stores.add(SharedStores.get(settings));
      stores.add(SharedStores.get(settings));
    }

    assertThat(stores).hasSize(20);
  }
}
