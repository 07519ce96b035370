// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.warc.WarcFixture;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.Snapshot;
import io.letsdata.options.UserErrorException;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inputs that are missing, changed, damaged, empty or badly described, read over HTTP. */
class BadInputIT {
  private static LocalS3 s3;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LocalS3.start(folder);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static DataFrameReader reader(String manifest) {
    return s3.spark().read().format("letsdata-s3").option("manifest-text", manifest);
  }

  @Test
  void changedObjectIsAnErrorAndNotAMixtureOfVersions() throws Exception {
    s3.put("changing/0.text", "before\n".getBytes(UTF_8));
    String location = "s3://bucket/changing/0.text";
    ObjectStat stat = s3.store().stat(ObjectLocation.parse(location)).orElseThrow();
    String manifest =
        new String(
            Manifests.toBytes(
                Snapshot.of(
                    "i",
                    1,
                    "text",
                    Optional.empty(),
                    Map.of(),
                    List.of(
                        ManifestEntry.pinned(
                            location, stat.lengthBytes(), stat.etag(), OptionalLong.empty())))),
            UTF_8);
    Dataset<Row> data = reader(manifest).load();

    s3.put("changing/0.text", "after!\n".getBytes(UTF_8));

    assertThatThrownBy(data::count).hasMessageContaining(location).hasMessageContaining("changed");
  }

  @Test
  void messageNamesMissingObject() {
    assertThatThrownBy(
            () -> reader("s3://bucket/none.text").option("format", "text").load().count())
        .hasMessageContaining("Cannot read s3://bucket/none.text");
    assertThatThrownBy(() -> reader("s3://bucket/none.parquet").option("format", "parquet").load())
        .hasMessageContaining("Cannot read s3://bucket/none.parquet");
  }

  @Test
  void messageNamesMissingBucket() {
    assertThatThrownBy(
            () -> reader("s3://no-such-bucket/x").option("format", "text").load().count())
        .hasMessageContaining("no-such-bucket");
    assertThatThrownBy(
            () -> s3.spark().read().format("letsdata-s3").load("s3://no-such-bucket/out"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no-such-bucket");
  }

  @Test
  void messageForTruncatedGzipNamesTheObject() throws Exception {
    byte[] gzip = WarcFixture.gzip("some line\n".repeat(1000).getBytes(UTF_8));
    s3.put("cut/x.json.gz", java.util.Arrays.copyOf(gzip, gzip.length / 2));

    assertThatThrownBy(
            () -> reader("s3://bucket/cut/x.json.gz").option("format", "text").load().count())
        .hasMessageContaining("Cannot read s3://bucket/cut/x.json.gz as text");
  }

  @Test
  void messageForInputThatIsNotParquetNamesTheObject() throws Exception {
    s3.put("bad/x.parquet", "hello, this is no parquet".getBytes(UTF_8));

    assertThatThrownBy(
            () ->
                reader("s3://bucket/bad/x.parquet")
                    .option("format", "parquet")
                    .schema("a int")
                    .load()
                    .count())
        .hasMessageContaining("Cannot read s3://bucket/bad/x.parquet as parquet");
  }

  @Test
  void invalidUseFailsBeforeAnyTask() {
    assertThatThrownBy(() -> reader("s3://bucket/x").load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Set the option 'format'");
    assertThatThrownBy(() -> reader("s3://bucket/x").option("format", "jsn").load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did you mean 'json'?");
    assertThatThrownBy(
            () -> reader("s3://bucket/x").option("format", "csv").option("heder", "true").load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did you mean 'header'?");
    assertThatThrownBy(
            () -> reader("s3://bucket/x").option("spark.letsdata.s3.endpiont", "http://x").load())
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("The nearest known one is spark.letsdata.s3.endpoint.");
    assertThatThrownBy(() -> reader("{\"letsdataManifest\":9}").load())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("format version 9");
    assertThatThrownBy(() -> reader("# empty").option("format", "json").load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot infer the schema");
  }

  @Test
  void emptyManifestWithASchemaIsAnEmptyTable() {
    Dataset<Row> data = reader("").option("format", "json").schema("a int").load();

    assertThat(data.count()).isZero();
    assertThat(data.rdd().getNumPartitions()).isZero();
  }

  @Test
  void emptyObjectsHaveNoRows() throws Exception {
    s3.put("empty/0.parquet", new byte[0]);
    s3.put("empty/0.json", new byte[0]);

    assertThat(
            reader("s3://bucket/empty/0.json")
                .option("format", "json")
                .schema("a int")
                .load()
                .count())
        .isZero();
    assertThat(
            reader("s3://bucket/empty/0.parquet")
                .option("format", "parquet")
                .schema("a int")
                .load()
                .count())
        .isZero();
  }

  @Test
  void messageForMissingWriteConnectorNamesIt() {
    assertThatThrownBy(
            () ->
                s3.spark()
                    .range(3)
                    .write()
                    .format("letsdata-s3")
                    .mode(SaveMode.Append)
                    .save("s3://bucket/w"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Put exactly one s3-write-connector there");
    assertThatThrownBy(() -> s3.spark().range(3).write().format("letsdata-s3").save("/tmp/w"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid value for option path: '/tmp/w' (must be s3://<bucket>/<prefix>)");
    assertThatThrownBy(
            () ->
                s3.spark()
                    .range(3)
                    .write()
                    .format("letsdata-s3")
                    .partitionBy("id")
                    .save("s3://bucket/w"))
        .hasMessageContaining("partitionBy is not supported");
  }
}
