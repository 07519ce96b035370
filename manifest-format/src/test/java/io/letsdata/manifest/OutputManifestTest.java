// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.manifest.version.Application;
import io.letsdata.manifest.version.Change;
import io.letsdata.manifest.version.Lineage;
import io.letsdata.manifest.version.OperationKind;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.manifest.version.Partition;
import io.letsdata.manifest.version.PartitionRange;
import io.letsdata.manifest.version.Replays;
import io.letsdata.manifest.version.StreamEpoch;
import io.letsdata.manifest.version.TableState;
import io.letsdata.manifest.version.VersionState;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Byte format 2: the manifest of an output's version, and its parts. */
class OutputManifestTest {
  private static final List<ManifestEntry> IN_PART =
      List.of(
          entry("00000-1-a", day("2026-01-30", "de")),
          entry("00001-2-b", day("2026-01-31", null))
              .with(
                  Map.of(
                      "n", new ColumnStats(OptionalLong.of(0), Optional.of("1"), Optional.of("9"))),
                  day("2026-01-31", null)));

  private static final PartRef PART = Parts.reference("p-0.json", Parts.toBytes(IN_PART), IN_PART);

  static final Snapshot VERSION =
      new Snapshot(
          "id-8",
          8,
          "parquet",
          Optional.of("{\"type\":\"struct\",\"fields\":[]}"),
          Map.of("mergeSchema", "true"),
          Layout.MANIFEST,
          Optional.of(
              new Lineage(
                  Optional.of("id-7"),
                  OperationKind.APPEND,
                  new Application("app-20261129-0001", "nightly"),
                  Optional.of("load/2026-01-31"),
                  Optional.of(new StreamEpoch("q", 4)),
                  Instant.parse("2026-01-31T12:00:00.250Z"),
                  new Change(1, 0),
                  new Replays(
                      List.of("load/2026-01-30", "load/2026-01-31"),
                      List.of(new StreamEpoch("q", 4))),
                  VersionState.LIVE)),
          new TableState(List.of("day", "country"), Map.of("owner", "search")),
          List.of(PART),
          List.of(entry("00002-3-c", day("2026-02-01", "fr"))));

  // Format 2, byte for byte. If this test must change, the format has changed: add a version
  // instead.
  private static final String GOLDEN =
      """
      {"letsdataManifest":2,
      "id":"id-8",
      "version":8,
      "parent":"id-7",
      "operation":"append",
      "application":{"id":"app-20261129-0001","name":"nightly"},
      "commitId":"load/2026-01-31",
      "stream":{"query":"q","epoch":4},
      "time":"2026-01-31T12:00:00.250Z",
      "change":{"addedFiles":1,"removedFiles":0},
      "replays":{"commitIds":["load/2026-01-30","load/2026-01-31"],"streams":[{"query":"q","epoch":4}]},
      "format":"parquet",
      "schema":{"type":"struct","fields":[]},
      "options":{"mergeSchema":"true"},
      "partitionBy":[
      "day",
      "country"],
      "properties":{"owner":"search"},
      "parts":[
      {"name":"p-0.json","lengthBytes":%s,"sha256":"%s","files":2,"rows":20,"dataBytes":1624,"partitions":{"day":{"min":"2026-01-30","max":"2026-01-31"},"country":{"min":"de","max":"de","nulls":true}}}],
      "files":[
      {"location":"s3://b/out/data/00002-3-c.parquet","lengthBytes":812,"etag":"e","rows":10,"partition":{"day":"2026-02-01","country":"fr"}}]}\
      """;

  private static final String GOLDEN_PART =
      """
      {"letsdataPart":1,
      "files":[
      {"location":"s3://b/out/data/00000-1-a.parquet","lengthBytes":812,"etag":"e","rows":10,"partition":{"day":"2026-01-30","country":"de"}},
      {"location":"s3://b/out/data/00001-2-b.parquet","lengthBytes":812,"etag":"e","rows":10,"partition":{"day":"2026-01-31","country":null},"stats":{"n":{"nulls":0,"min":"1","max":"9"}}}]}\
      """;

  private static Partition day(String day, @Nullable String country) {
    return new Partition(
        List.of(new Partition.Value("day", day), new Partition.Value("country", country)));
  }

  private static ManifestEntry entry(String name, Partition partition) {
    return ManifestEntry.pinned(
            "s3://b/out/data/" + name + ".parquet", 812, "e", OptionalLong.of(10))
        .with(Map.of(), partition);
  }

  private static String golden() {
    return GOLDEN.formatted(PART.lengthBytes(), PART.sha256());
  }

  private static ManifestDocument parse(String json) throws ManifestException {
    return Manifests.parse(json.getBytes(UTF_8), "m");
  }

  @Test
  void writesAndReadsTheGoldenBytes() throws Exception {
    assertThat(new String(Manifests.toBytes(VERSION), UTF_8)).isEqualTo(golden());
    assertThat(parse(golden())).isEqualTo(VERSION);
    assertThat(VERSION.fileCount()).isEqualTo(3);
    assertThat(VERSION.rowCount()).hasValue(30);
    assertThat(VERSION.dataBytes()).hasValue(2436);
  }

  @Test
  void writesAndReadsTheGoldenBytesOfAPart() throws Exception {
    byte[] bytes = GOLDEN_PART.getBytes(UTF_8);

    assertThat(new String(Parts.toBytes(IN_PART), UTF_8)).isEqualTo(GOLDEN_PART);
    assertThat(Parts.parse(bytes, PART, "p")).isEqualTo(IN_PART);
    assertThat(Parts.ofJson(Parts.toJson(IN_PART.get(1)))).isEqualTo(IN_PART.get(1));
  }

  @Test
  void prefixOfAnyLengthIsRejected() {
    byte[] whole = golden().getBytes(UTF_8);
    byte[] part = GOLDEN_PART.getBytes(UTF_8);

    for (int length = 1; length < whole.length; length++) {
      byte[] clipped = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Manifests.parse(clipped, "m"))
          .as("clipped to %d bytes", length)
          .isInstanceOf(ManifestException.class);
    }
    for (int length = 0; length < part.length; length++) {
      byte[] clipped = Arrays.copyOf(part, length);
      assertThatThrownBy(() -> Parts.parse(clipped, PART, "p"))
          .isInstanceOf(ManifestException.class)
          .hasMessageContaining("and the manifest names");
      assertThatThrownBy(() -> Parts.parse(clipped, "p"))
          .as("clipped to %d bytes", length)
          .isInstanceOf(ManifestException.class);
    }
  }

  @Test
  void partWithOtherBytesIsRejected() {
    byte[] forged = GOLDEN_PART.replace("00000-1-a", "00000-1-z").getBytes(UTF_8);

    assertThatThrownBy(() -> Parts.parse(forged, PART, "s3://b/out/_letsdata/parts/p-0.json"))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith("Cannot read manifest s3://b/out/_letsdata/parts/p-0.json: it has ")
        .hasMessageContaining("SHA-256");
  }

  @Test
  void partCannotBeElsewhere() {
    for (String name : List.of("../x.json", "a/b.json", "", ".json", "x", "s3:x.json")) {
      assertThatThrownBy(() -> parse(golden().replace("p-0.json", name)))
          .as(name)
          .isInstanceOf(ManifestException.class)
          .hasMessageContaining("is not the name of a part");
    }
  }

  @Test
  void fieldsOfFormatTwoAreUnknownInFormatOne() {
    assertThatThrownBy(() -> parse(golden().replace("Manifest\":2", "Manifest\":1")))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("unknown field 'parent'");
    assertThatThrownBy(() -> parse(golden().replace("\"operation\":\"append\",\n", "")))
        .hasMessageContaining("'operation' is missing");
    assertThatThrownBy(() -> parse(golden().replace("\"append\"", "\"merge\"")))
        .hasMessageContaining("operation 'merge' is not one of append, create, overwrite");
  }

  @Test
  void purgedVersionKeepsItsLineageAndNamesNoFiles() throws Exception {
    Snapshot expired = VERSION.in(VersionState.EXPIRED);
    Snapshot purged = expired.in(VersionState.PURGED);

    assertThat(Manifests.parse(Manifests.toBytes(expired), "m")).isEqualTo(expired);
    assertThat(Manifests.parse(Manifests.toBytes(purged), "m")).isEqualTo(purged);
    assertThat(expired.fileCount()).isEqualTo(3);
    assertThat(purged.fileCount()).isZero();
    assertThat(purged.lineage().map(Lineage::operation)).contains(OperationKind.APPEND);
  }

  @Test
  void laterCommitHasALaterTimeWhateverTheClockSays() {
    Lineage lineage = VERSION.lineage().orElseThrow();

    assertThat(lineage.after(lineage.time().minusSeconds(60)))
        .isEqualTo(lineage.time().plusMillis(1));
    assertThat(lineage.after(lineage.time().plusSeconds(60)))
        .isEqualTo(lineage.time().plusSeconds(60));
  }

  @Test
  void replaysRecognizeTheLastThousandCommitIdsAndTheLatestEpochOfEachQuery() {
    Replays replays = Replays.NONE;
    for (int i = 0; i <= Replays.MAX_ENTRIES; i++) {
      replays = replays.plus(Optional.of("c" + i), Optional.of(new StreamEpoch("q", i)));
    }

    assertThat(replays.contains(Optional.of("c0"), Optional.empty())).isFalse();
    assertThat(replays.contains(Optional.of("c1"), Optional.empty())).isTrue();
    assertThat(replays.contains(Optional.empty(), Optional.of(new StreamEpoch("q", 0)))).isTrue();
    assertThat(replays.contains(Optional.empty(), Optional.of(new StreamEpoch("q", 1001))))
        .isFalse();
    assertThat(replays.contains(Optional.empty(), Optional.of(new StreamEpoch("r", 0)))).isFalse();
  }

  @Test
  void partitionHasThePathThatSparkWrites() {
    Partition odd =
        new Partition(
            List.of(
                new Partition.Value("a=b", "x/y %:"),
                new Partition.Value("n", null),
                new Partition.Value("s", "\u0001é")));

    assertThat(odd.path()).isEqualTo("a%3Db=x%2Fy %25%3A/n=__HIVE_DEFAULT_PARTITION__/s=%01é");
  }

  @Test
  void rangeOfPartitionsHasEachOfThem() {
    PartitionRange range =
        PartitionRange.of(IN_PART.stream().map(ManifestEntry::partition).toList());

    assertThat(range.mayContain(day("2026-01-30", "de"))).isTrue();
    assertThat(range.mayContain(day("2026-01-31", null))).isTrue();
    assertThat(range.mayContain(day("2026-02-01", "de"))).isFalse();
    assertThat(range.mayContain(day("2026-01-30", "fr"))).isFalse();
    assertThat(PartitionRange.of(List.of(day("1", "de"), Partition.NONE)))
        .isEqualTo(PartitionRange.ANY);
  }
}
