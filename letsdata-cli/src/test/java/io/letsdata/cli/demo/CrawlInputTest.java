package io.letsdata.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.CountingObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.Snapshot;
import io.letsdata.store.BucketNotFound;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import java.io.ByteArrayOutputStream;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;


class CrawlInputTest {
  private final CountingObjectStore store = new CountingObjectStore(new InMemoryObjectStore("b"));
  private final WetGenerator generator = new WetGenerator(1);

  @Test
  void theManifestNamesEveryObjectWithItsLengthEtagAndRows() throws Exception {
    CrawlInput input = CrawlInput.write(store, new ObjectLocation("b", "in"), generator, 3, 10, 2);

    Snapshot manifest =
        (Snapshot) Manifests.parse(store.read(input.manifest()), input.manifest().toString());
    assertThat(manifest.files()).hasSize(3);
    for (ManifestEntry file : manifest.files()) {
      ObjectStat stat = store.stat(ObjectLocation.parse(file.location())).orElseThrow();
      assertThat(file.lengthBytes()).hasValue(stat.lengthBytes());
      assertThat(file.etag()).hasValue(stat.etag());
      assertThat(file.rows()).isEqualTo(OptionalLong.of(11));
    }
    assertThat(input.pages()).isEqualTo(30);
    assertThat(input.objectBytes()).isEqualTo(manifest.totalBytes().orElseThrow());
  }

  @Test
  void eachObjectIsOnePutAndTheManifestOneMore() throws Exception {
    CrawlInput.write(store, new ObjectLocation("b", "in"), generator, 3, 10, 2);

    assertThat(store.counts().put()).isEqualTo(4);
    assertThat(store.counts().requests()).isEqualTo(4);
  }

  @Test
  void theStoredBytesAreTheGeneratedOnesInFileOrder() throws Exception {
    CrawlInput.write(store, new ObjectLocation("b", "in"), generator, 2, 10, 2);

    ByteArrayOutputStream second = new ByteArrayOutputStream();
    generator.write(1, 10, second);
    assertThat(store.read(new ObjectLocation("b", "in/" + WetGenerator.key(1))))
        .isEqualTo(second.toByteArray());
  }

  @Test
  void aBucketThatIsNotThereIsSaid() {
    assertThatThrownBy(
            () -> CrawlInput.write(store, new ObjectLocation("absent", "in"), generator, 2, 1, 2))
        .isInstanceOf(BucketNotFound.class)
        .hasMessageContaining("absent");
  }
}
