// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.read.spi.ConnectorOptions;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestLoaderTest {
  private static final OutputLayout OUT = OutputLayout.of("s3://bucket/out");
  private static final StructType SCHEMA = new StructType().add("a", "long");

  private final InMemoryObjectStore store = new InMemoryObjectStore("bucket");

  @Test
  void committedOutputIsReadFromItsLatestManifest() throws Exception {
    commit(1, "s3://bucket/out/data/1.json");
    commit(2, "s3://bucket/out/data/2.json");

    ManifestInput input = load(Map.of("path", "s3a://bucket/out/"));

    assertThat(input.name()).isEqualTo("s3://bucket/out v2");
    assertThat(input.files()).extracting(ManifestEntry::key).containsExactly("out/data/2.json");
    assertThat(input.format()).contains(ObjectFormat.JSON);
    assertThat(input.schema()).contains(SCHEMA);
    assertThat(input.options()).containsEntry("lineSep", "|");
    assertThat(ManifestEntry.totalBytes(input.files())).hasValue(5);
    assertThat(ManifestEntry.totalRows(input.files())).hasValue(3);
  }

  @Test
  void earlierVersionCanBeRead() throws Exception {
    commit(1, "s3://bucket/out/data/1.json");
    commit(2, "s3://bucket/out/data/2.json");

    assertThat(load(Map.of("path", "s3://bucket/out", "version", "1")).files())
        .extracting(ManifestEntry::key)
        .containsExactly("out/data/1.json");
    assertThatThrownBy(() -> load(Map.of("path", "s3://bucket/out", "version", "3")))
        .isInstanceOf(ObjectNotFound.class)
        .hasMessageContaining("-v3.json");
  }

  @Test
  void messageForOutputWithoutVersionHasTheSearchedPrefix() {
    assertThatThrownBy(() -> load(Map.of("path", "s3://bucket/out")))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith(
            "Cannot read s3://bucket/out: no version is committed there (no object under"
                + " s3://bucket/out/_letsdata/manifests/).");
  }

  @Test
  void foreignObjectAmongTheManifestsIsRejected() throws Exception {
    put("out/_letsdata/manifests/0-notes.txt", "x");

    assertThatThrownBy(() -> load(Map.of("path", "s3://bucket/out")))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("0-notes.txt is not a manifest of LetsData");
  }

  @Test
  void manifestMayBeOnS3OrInAFileOrInline(@TempDir Path folder) throws Exception {
    put("lists/all.txt", "k1\nk2\n");
    Path file = Files.writeString(folder.resolve("list.txt"), "s3://x/k3\n");

    assertThat(keys(Map.of("manifest", "s3://bucket/lists/all.txt", "bucket", "data")))
        .containsExactly("s3://data/k1", "s3://data/k2");
    assertThat(keys(Map.of("manifest", file.toString()))).containsExactly("s3://x/k3");
    assertThat(keys(Map.of("manifest", file.toUri().toString()))).containsExactly("s3://x/k3");
    assertThat(keys(Map.of("manifest-text", "WARC:a|WET:b", "type", "wet", "bucket", "d")))
        .containsExactly("s3://d/b");
  }

  @Test
  void linkIsFollowed() throws Exception {
    put("lists/all.txt", "k1\n");

    assertThat(
            keys(
                Map.of(
                    "bucket", "data",
                    "manifest-text",
                        "{\"manifestType\":\"S3ReaderS3LinkManifestFile\",\"manifestFileS3Uri\":\"s3://bucket/lists/all.txt\"}")))
        .containsExactly("s3://data/k1");
  }

  @Test
  void oneInputMustBeNamed() {
    assertThatThrownBy(() -> load(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read: no input is named. Set exactly one");
    assertThatThrownBy(() -> load(Map.of("path", "s3://bucket/out", "manifest", "x")))
        .hasMessageStartingWith("Cannot read: path and manifest are both set.");
  }

  @Test
  void missingManifestIsRejected() {
    assertThatThrownBy(() -> load(Map.of("manifest", "/no/such/list")))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("/no/such/list: no such file");
    assertThatThrownBy(() -> load(Map.of("manifest", "s3://bucket/none")))
        .isInstanceOf(ObjectNotFound.class)
        .hasMessageContaining("s3://bucket/none");
  }

  @Test
  void schemaThatSparkCannotReadIsRejected() throws Exception {
    Snapshot odd =
        Snapshot.of("i", 1, "csv", Optional.of("{\"type\":\"galaxy\"}"), Map.of(), List.of());
    put("odd.json", new String(Manifests.toBytes(odd), UTF_8));

    assertThatThrownBy(() -> load(Map.of("manifest", "s3://bucket/odd.json")))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("its schema is not a schema of Spark");
  }

  private void commit(long version, String location) throws IOException {
    Snapshot manifest =
        Snapshot.of(
            "id" + version,
            version,
            "json",
            Optional.of(SCHEMA.json()),
            Map.of("lineSep", "|"),
            List.of(ManifestEntry.pinned(location, 5, "e", OptionalLong.of(3))));
    put(OUT.manifestKey(version), new String(Manifests.toBytes(manifest), UTF_8));
  }

  private void put(String key, String text) throws IOException {
    store.put(new ObjectLocation("bucket", key), ObjectContent.of(text.getBytes(UTF_8)));
  }

  private List<String> keys(Map<String, String> options) throws IOException {
    return load(options).files().stream().map(ManifestEntry::location).toList();
  }

  private ManifestInput load(Map<String, String> options) throws IOException {
    return new ManifestLoader(store, ConnectorOptions.of(options)).load();
  }
}
