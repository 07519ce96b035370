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

class ManifestLogTest {
  private static final OutputLayout OUT = OutputLayout.of("s3://bucket/out");

  private final CountingObjectStore store =
      new CountingObjectStore(new InMemoryObjectStore("bucket"));
  private final ManifestLog log = new ManifestLog(store, OUT);

  @Test
  void latestOfManyVersionsCostsOneListAndOneGet() throws Exception {
    for (long version = 1; version <= 120; version++) {
      publish(version, version);
    }
    var before = store.counts();

    assertThat(log.latest()).map(Snapshot::version).contains(120L);

    assertThat(store.counts().minus(before).list()).isEqualTo(1);
    assertThat(store.counts().minus(before).get()).isEqualTo(1);
    assertThat(store.counts().minus(before).requests()).isEqualTo(2);
  }

  @Test
  void outputWithoutVersionCostsOneList() throws Exception {
    assertThat(log.latest()).isEmpty();
    assertThat(log.latestVersion()).isZero();

    assertThat(store.counts().requests()).isEqualTo(2);
  }

  @Test
  void outputWithTheSamePrefixIsNotMistakenForThisOne() throws Exception {
    ObjectLocation other =
        new ObjectLocation("bucket", OutputLayout.of("s3://bucket/out2").manifestKey(9));
    store.put(other, ObjectContent.of(new byte[0]));

    assertThat(log.latestVersion()).isZero();
  }

  @Test
  void manifestUnderTheKeyOfAnotherVersionIsRejected() throws Exception {
    publish(1, 1);
    publish(2, 1);

    assertThatThrownBy(() -> log.latest())
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("-v2.json: it is not a snapshot of version 2");
  }

  @Test
  void keyThatIsNoVersionIsPassedOverWithOneMoreList() throws Exception {
    publish(1, 1);
    put("0000000000000000000-v9223372036854775807.json");
    put("9223372036854775805-v2.json.bak");
    var before = store.counts();

    assertThat(log.latestVersion()).isEqualTo(1);

    assertThat(store.counts().minus(before).list()).isEqualTo(2);
    assertThat(store.counts().minus(before).requests()).isEqualTo(2);
  }

  @Test
  void objectThatIsNoSnapshotBehindAGapIsPassedOver() throws Exception {
    publish(1, 1);
    publish(2, 2);
    put("9223372036854775800-v7.json");
    var before = store.counts();

    assertThat(log.latest()).map(Snapshot::version).contains(2L);

    assertThat(store.counts().minus(before).list()).isEqualTo(2);
    assertThat(store.counts().minus(before).get()).isEqualTo(2);
  }

  @Test
  void snapshotBehindAGapStaysTheLatest() throws Exception {
    publish(1, 1);
    publish(7, 7);
    publish(8, 8);

    assertThat(log.latestVersion()).isEqualTo(8);

    store.delete(List.of(new ObjectLocation("bucket", OUT.manifestKey(7))));
    assertThat(log.latestVersion()).isEqualTo(8);
    store.delete(List.of(new ObjectLocation("bucket", OUT.manifestKey(1))));
    assertThat(log.latestVersion()).isEqualTo(8);
  }

  @Test
  void damagedLatestVersionIsNotPassedOver() throws Exception {
    publish(1, 1);
    put("9223372036854775805-v2.json");

    assertThat(log.latestVersion()).isEqualTo(2);
    assertThatThrownBy(log::latest)
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("-v2.json: it is not a snapshot of version 2");
  }

  @Test
  void tooManyKeysThatAreNoVersionsAreAnError() throws Exception {
    publish(1, 1);
    for (int i = 0; i < 1002; i++) {
      put("0-" + i);
    }

    assertThat(new VersionKeys(store, OUT, 3).next()).isEqualTo(1);
    assertThatThrownBy(() -> new VersionKeys(store, OUT, 2).next())
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith(
            "Cannot read output s3://bucket/out: more than 1000 keys under out/_letsdata/manifests/ are not versions, up to out/_letsdata/manifests/0-");
  }

  private void put(String name) throws IOException {
    String unused =
        store.put(
            new ObjectLocation("bucket", OUT.manifestPrefix() + name),
            ObjectContent.ofUtf8("poison"));
  }

  private void publish(long keyVersion, long version) throws IOException {
    Snapshot manifest =
        Snapshot.of("id" + version, version, "json", Optional.empty(), Map.of(), List.of());
    store.put(
        new ObjectLocation("bucket", OUT.manifestKey(keyVersion)),
        ObjectContent.of(Manifests.toBytes(manifest)));
  }
}
