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
import io.letsdata.store.ByteRange;
import io.letsdata.store.ForwardingObjectStore;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void foreignObjectAmongTheManifestsIsPassedOver() throws Exception {
    commit(1, "s3://bucket/out/data/1.json");
    put("out/_letsdata/manifests/0-notes.txt", "x");

    assertThat(load(Map.of("path", "s3://bucket/out")).files())
        .extracting(ManifestEntry::key)
        .containsExactly("out/data/1.json");
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.letsdata.s3.endpoint",
        "spark.letsdata.credentials",
        "fs.s3a.impl",
        "fs.letsdata-store.impl",
        "compression",
        "CODEC",
        "parquet.crypto.factory.class",
        "io.compression.codecs",
        "path",
        "wholetext"
      })
  void optionThatAManifestMayNotSetIsRefused(String name) throws Exception {
    Snapshot forged = Snapshot.of("i", 1, "csv", Optional.empty(), Map.of(name, "x"), List.of());
    put("forged.json", new String(Manifests.toBytes(forged), UTF_8));
    put(OUT.manifestKey(1), new String(Manifests.toBytes(forged), UTF_8));

    for (Map<String, String> options :
        List.of(
            Map.of("manifest", "s3://bucket/forged.json"),
            Map.of("path", "s3://bucket/out"),
            Map.of("manifest-text", new String(Manifests.toBytes(forged), UTF_8)))) {
      assertThatThrownBy(() -> load(options))
          .isInstanceOf(ManifestException.class)
          .hasMessageContaining(
              "it sets the option '" + name + "', which a manifest of format csv may not.");
    }
  }

  /** Its initializer runs when it is loaded by name. */
  public static final class Canary {
    static {
      System.setProperty("letsdata.canary", "loaded");
    }
  }

  @Test
  void classThatASchemaNamesIsNotLoaded() throws Exception {
    String schema =
        "{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"nullable\":true,\"metadata\":{},\"type\":{\"type\":\"udt\",\"class\":\"%s\",\"pyClass\":null,\"sqlType\":\"long\"}}]}"
            .formatted(getClass().getName() + "$Canary");
    Snapshot forged = Snapshot.of("i", 1, "csv", Optional.of(schema), Map.of(), List.of());
    put("forged.json", new String(Manifests.toBytes(forged), UTF_8));

    assertThatThrownBy(() -> load(Map.of("manifest", "s3://bucket/forged.json")))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("its schema has a user-defined type, which names the class");
    assertThat(System.getProperty("letsdata.canary")).isNull();
  }

  @Test
  void objectOutsideTheOutputIsRefusedUnlessTheUserAllowsItsBucket() throws Exception {
    commit(1, "s3://bucket/out2/data/1.json");
    commit(2, "s3://private/out/data/2.json");

    assertThatThrownBy(() -> load(Map.of("path", "s3://bucket/out", "version", "1")))
        .isInstanceOf(ManifestException.class)
        .hasMessage(
            "Cannot read manifest s3://bucket/out v1: it names s3://bucket/out2/data/1.json, and objects may be in s3://bucket/out only. If you trust the manifest, allow it with the option 'other-buckets'='bucket'.");
    assertThatThrownBy(() -> load(Map.of("path", "s3://bucket/out", "other-buckets", "a, bucket")))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("in s3://bucket/out, bucket a, bucket bucket only.");
    for (String allowed : List.of("private", "a,private", "*")) {
      assertThat(keys(Map.of("path", "s3://bucket/out", "other-buckets", allowed)))
          .containsExactly("s3://private/out/data/2.json");
    }
  }

  @Test
  void objectInABucketThatOnlyTheManifestNamesIsRefused() throws Exception {
    put("lists/mixed.txt", "s3://bucket/k1\ns3://private/k2\n");
    put(
        "lists/dataset.json",
        "{\"readConnector\":{\"bucketName\":\"private\"},\"manifestFile\":{\"manifestType\":\"S3ReaderTextManifestFile\",\"fileContents\":\"k2\"}}");

    for (String list : List.of("s3://bucket/lists/mixed.txt", "s3://bucket/lists/dataset.json")) {
      assertThatThrownBy(() -> load(Map.of("manifest", list)))
          .isInstanceOf(ManifestException.class)
          .hasMessageContaining("it names s3://private/k2, and objects may be in bucket bucket");
      assertThat(keys(Map.of("manifest", list, "other-buckets", "private")))
          .contains("s3://private/k2");
      assertThat(keys(Map.of("manifest", list, "bucket", "private"))).contains("s3://private/k2");
    }
  }

  @Test
  void linkToAnotherBucketIsNotFollowedUnlessTheUserAllowsIt() throws Exception {
    store.createBucket("private");
    store.put(new ObjectLocation("private", "list"), ObjectContent.ofUtf8("s3://private/k1"));
    put(
        "link.json",
        "{\"manifestType\":\"S3ReaderS3LinkManifestFile\",\"manifestFileS3Uri\":\"s3://private/list\"}");

    assertThatThrownBy(() -> load(Map.of("manifest", "s3://bucket/link.json")))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("it names s3://private/list");
    assertThat(keys(Map.of("manifest", "s3://bucket/link.json", "other-buckets", "private")))
        .containsExactly("s3://private/k1");
  }

  @Test
  void manifestBeyondTheLimitIsRefusedByItsLengthAlone() throws Exception {
    put("huge", "x");
    ObjectStore huge =
        new ForwardingObjectStore() {
          @Override
          protected ObjectStore delegate() {
            return store;
          }

          @Override
          public ObjectBody openAll(ObjectLocation location, Optional<String> etag) {
            long length = Manifests.MAX_BYTES + 1L;
            InputStream unread =
                new InputStream() {
                  @Override
                  public int read() {
                    throw new AssertionError("read");
                  }

                  @Override
                  public int read(byte[] target, int offset, int length) {
                    throw new AssertionError("read");
                  }
                };
            return new ObjectBody(
                location, new ByteRange(0, length), new ObjectStat(length, "e"), unread, () -> {});
          }
        };

    for (Map<String, String> options :
        List.of(
            Map.of("manifest", "s3://bucket/huge"),
            Map.of("path", "s3://bucket/out", "version", "1"))) {
      assertThatThrownBy(() -> new ManifestLoader(huge, ConnectorOptions.of(options)).load())
          .isInstanceOf(ManifestException.class)
          .hasMessageContaining("larger than 268435456 bytes. Split it into several.");
    }
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
