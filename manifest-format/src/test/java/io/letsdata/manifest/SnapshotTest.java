// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  static final Snapshot SMALL =
      Snapshot.of(
          "0b0e6a3e-6a0e-4f5e-9d41-3e1f5d1f1c11",
          7,
          "parquet",
          Optional.of(
              "{\"type\":\"struct\",\"fields\":[{\"name\":\"é\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}"),
          Map.of("mergeSchema", "false"),
          List.of(
              new ManifestEntry(
                  "s3://b/out/data/00000-1-x.parquet",
                  OptionalLong.of(812),
                  Optional.of("9bb58f26192e4ba00f01e2e7b136bbd8"),
                  OptionalLong.of(10),
                  Map.of(
                      "é",
                      new ColumnStats(OptionalLong.of(1), Optional.of("-3"), Optional.of("44")))),
              ManifestEntry.of("s3://b/out/data/00001-2-y.parquet")));

  // Version 1, byte for byte. If this test must change, the format has changed: add a version
  // instead.
  private static final String GOLDEN =
      """
      {"letsdataManifest":1,
      "id":"0b0e6a3e-6a0e-4f5e-9d41-3e1f5d1f1c11",
      "version":7,
      "format":"parquet",
      "schema":{"type":"struct","fields":[{"name":"é","type":"long","nullable":true,"metadata":{}}]},
      "options":{"mergeSchema":"false"},
      "files":[
      {"location":"s3://b/out/data/00000-1-x.parquet","lengthBytes":812,"etag":"9bb58f26192e4ba00f01e2e7b136bbd8","rows":10,"stats":{"é":{"nulls":1,"min":"-3","max":"44"}}},
      {"location":"s3://b/out/data/00001-2-y.parquet"}]}\
      """;

  @Test
  void writesTheGoldenBytes() {
    assertThat(new String(Manifests.toBytes(SMALL), UTF_8)).isEqualTo(GOLDEN);
  }

  @Test
  void readsTheGoldenBytes() throws Exception {
    assertThat(parse(GOLDEN)).isEqualTo(SMALL);
    assertThat(parse("\uFEFF\n" + GOLDEN + "\n")).isEqualTo(SMALL);
    assertThat(Manifests.parse(ObjectListTest.gzip(GOLDEN), "m")).isEqualTo(SMALL);
  }

  @Test
  void layoutIsStatedUnlessItIsManifest() throws Exception {
    Snapshot plain =
        Snapshot.of("i", 1, "csv", Optional.empty(), Map.of(), Layout.PLAIN, List.of());
    String text =
        """
        {"letsdataManifest":1,
        "id":"i",
        "version":1,
        "format":"csv",
        "options":{},
        "layout":"plain",
        "files":[]}\
        """;

    assertThat(new String(Manifests.toBytes(plain), UTF_8)).isEqualTo(text);
    assertThat(parse(text)).isEqualTo(plain);
    assertThat(parse(text.replace("plain", "manifest")))
        .isEqualTo(Snapshot.of("i", 1, "csv", Optional.empty(), Map.of(), List.of()));
    assertThatThrownBy(() -> parse(text.replace("plain", "flat")))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("layout 'flat' is not manifest or plain. Upgrade the connector");
  }

  @Test
  void prefixOfAnyLengthIsRejected() {
    byte[] whole = Manifests.toBytes(SMALL);

    for (int length = 1; length < whole.length; length++) {
      byte[] clipped = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Manifests.parse(clipped, "s3://b/m.json"))
          .as("clipped to %d bytes", length)
          .isInstanceOf(ManifestException.class)
          .hasMessageStartingWith("Cannot read manifest s3://b/m.json: ");
    }
  }

  @Test
  void emptyManifestIsAValidEmptyDataSet() throws Exception {
    Snapshot empty = Snapshot.of("i", 1, "json", Optional.empty(), Map.of(), List.of());

    assertThat(Manifests.parse(Manifests.toBytes(empty), "m")).isEqualTo(empty);
    assertThat(ManifestEntry.totalBytes(empty.files())).hasValue(0);
    assertThat(ManifestEntry.totalRows(empty.files())).hasValue(0);
  }

  @Test
  void totalsAreUnknownWhenOneFileIsUnknown() {
    assertThat(ManifestEntry.totalBytes(SMALL.files())).isEmpty();
    assertThat(ManifestEntry.totalRows(SMALL.files())).isEmpty();
  }

  @Test
  void unknownFormatVersionIsRejectedBeforeAnyOtherField() {
    assertThatThrownBy(() -> parse("{\n\"letsdataManifest\":4,\"galaxies\":[]}"))
        .isInstanceOf(ManifestException.class)
        .hasMessage(
            "Cannot read manifest m: line 2 column 20 (byte 21): format version 4, but this reader"
                + " knows only 1 and 2. Upgrade the connector.");
  }

  @Test
  void unknownFieldIsRejectedUnlessItsNameAllowsToIgnoreIt() throws Exception {
    assertThatThrownBy(() -> parse(GOLDEN.replace("\"rows\"", "\"lines\"")))
        .hasMessageContaining("line 8 column")
        .hasMessageContaining("unknown field 'lines'. Upgrade the connector");
    assertThat(parse(GOLDEN.replace("\"files\"", "\"x-note\":{\"a\":[1]},\"files\"")))
        .isEqualTo(SMALL);
  }

  @Test
  void missingRepeatedAndWrongFieldsAreRefusedWithTheirPlace() {
    assertThatThrownBy(
            () -> parse("{\"letsdataManifest\":1,\"id\":\"i\",\"version\":1,\"format\":\"csv\"}"))
        .hasMessageContaining("'files' is missing");
    assertThatThrownBy(() -> parse(GOLDEN.replace("\"version\":7", "\"version\":0")))
        .hasMessageContaining("line 3 column 11")
        .hasMessageContaining("'version' is 0, must be at least 1");
    assertThatThrownBy(() -> parse(GOLDEN.replace("812", "\"812\"")))
        .hasMessageContaining("'lengthBytes' must be a whole number");
    assertThatThrownBy(() -> parse(GOLDEN.replace("812", "99999999999999999999")))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("line 8");
    assertThatThrownBy(() -> parse(GOLDEN.replace("\"format\"", "\"id\"")))
        .hasMessageContaining("Duplicate field 'id'");
    assertThatThrownBy(() -> parse(GOLDEN.replace("00001-2-y", "00000-1-x")))
        .hasMessageContaining("line 9")
        .hasMessageContaining("is named twice");
    assertThatThrownBy(() -> parse(GOLDEN.replace("s3://b/out/data/00001", "out/00001")))
        .hasMessageContaining("line 9")
        .hasMessageContaining("is not of the form s3://bucket/key");
    assertThatThrownBy(() -> parse(GOLDEN + "{}")).hasMessageContaining("more data after the end");
  }

  @Test
  void invalidManifestCannotBeConstructed() {
    ManifestEntry file = ManifestEntry.of("s3://b/k");

    assertThatThrownBy(
            () -> Snapshot.of("i", 1, "csv", Optional.empty(), Map.of(), List.of(file, file)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("s3://b/k is named twice");
    assertThatThrownBy(() -> ManifestEntry.of("b/k")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ManifestEntry.pinned("s3://b/k", -1, "e", OptionalLong.empty()))
        .hasMessageContaining("lengthBytes must be at least 0");
    assertThatThrownBy(() -> ManifestEntry.pinned("s3://b/k", 1, "\"e\"", OptionalLong.empty()))
        .hasMessageContaining("without quotes");
  }

  private static ManifestDocument parse(String json) throws ManifestException {
    return Manifests.parse(json.getBytes(UTF_8), "m");
  }
}
