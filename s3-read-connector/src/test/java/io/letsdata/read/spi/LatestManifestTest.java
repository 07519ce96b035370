// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.CountingObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LatestManifestTest {
  private static final OutputLayout OUT = OutputLayout.of("s3://bucket/out");

  private final CountingObjectStore store =
      new CountingObjectStore(new InMemoryObjectStore("bucket"));

  @Test
  void theLatestOfManyVersionsCostsOneListAndOneGet() throws Exception {
    for (long version = 1; version <= 120; version++) {
      publish(version, version);
    }
    var before = store.counts();

    assertThat(LatestManifest.find(store, OUT)).map(Snapshot::version).contains(120L);

    assertThat(store.counts().minus(before).list()).isEqualTo(1);
    assertThat(store.counts().minus(before).get()).isEqualTo(1);
    assertThat(store.counts().minus(before).requests()).isEqualTo(2);
  }

  @Test
  void nothingCommittedCostsOneList() throws Exception {
    assertThat(LatestManifest.find(store, OUT)).isEmpty();
    assertThat(LatestManifest.version(store, OUT)).isEmpty();

    assertThat(store.counts().requests()).isEqualTo(2);
  }

  @Test
  void otherOutputsWithTheSameBeginningDoNotCount() throws Exception {
    ObjectLocation other =
        new ObjectLocation("bucket", OutputLayout.of("s3://bucket/out2").manifestKey(9));
    store.put(other, ObjectContent.of(new byte[0]));

    assertThat(LatestManifest.version(store, OUT)).isEmpty();
  }

  @Test
  void aManifestUnderTheWrongKeyIsRefused() throws Exception {
    publish(2, 1);

    assertThatThrownBy(() -> LatestManifest.find(store, OUT))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("-v2.json: it is no snapshot of version 2");
  }

  private void publish(long keyVersion, long version) throws IOException {
    Snapshot manifest =
        Snapshot.of("id" + version, version, "json", Optional.empty(), Map.of(), List.of());
    store.put(
        new ObjectLocation("bucket", OUT.manifestKey(keyVersion)),
        ObjectContent.of(Manifests.toBytes(manifest)));
  }
}
