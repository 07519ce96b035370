// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.spark.sql.functions.input_file_name;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.warc.WarcFixture;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.Snapshot;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.RequestCounts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The formats that Spark decodes, over HTTP, with the requests counted. */
class FormatReadIT {
  private static final int OBJECTS = 4;

  private static final Map<String, StructType> SCHEMAS = new HashMap<>();

  private static LocalS3 s3;
  private static Path local;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LocalS3.start(folder);
    local = folder;
    Dataset<Row> rows =
        s3.spark()
            .range(0, 4000, 1, OBJECTS)
            .selectExpr(
                "id",
                "concat('name ', id) as name",
                "cast(id as decimal(12,2)) / 4 as price",
                "id % 7 as remainder");
    for (String format : List.of("parquet", "json", "csv")) {
      rows.write().format(format).option("header", "true").save(folder.resolve(format).toString());
      upload(format, format);
    }
    rows.select("name").write().text(folder.resolve("text").toString());
    upload("text", "text");
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static void upload(String format, String folder) throws IOException {
    try (Stream<Path> files = Files.list(local.resolve(format))) {
      List<Path> parts =
          files.filter(f -> f.getFileName().toString().startsWith("part-")).sorted().toList();
      for (int i = 0; i < parts.size(); i++) {
        s3.put(folder + "/" + i + "." + format, Files.readAllBytes(parts.get(i)));
      }
    }
  }

  private static String list(String format) {
    return list(format, format);
  }

  private static String list(String format, String folder) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < OBJECTS; i++) {
      list.append("s3://bucket/")
          .append(folder)
          .append('/')
          .append(i)
          .append('.')
          .append(format)
          .append('\n');
    }
    return list.toString();
  }

  /** A snapshot of the uploaded objects, each pinned to its length and etag. */
  private static String snapshot(String format, Optional<StructType> schema) throws IOException {
    return snapshot(format, format, schema);
  }

  private static String snapshot(String format, String folder, Optional<StructType> schema)
      throws IOException {
    List<ManifestEntry> files = new ArrayList<>();
    for (String line : list(format, folder).lines().toList()) {
      ObjectStat stat = s3.store().stat(ObjectLocation.parse(line)).orElseThrow();
      files.add(ManifestEntry.pinned(line, stat.lengthBytes(), stat.etag(), OptionalLong.of(1000)));
    }
    Map<String, String> options = format.equals("csv") ? Map.of("header", "true") : Map.of();
    return new String(
        Manifests.toBytes(
            Snapshot.of("i", 1, format, schema.map(StructType::json), options, files)),
        UTF_8);
  }

  private static DataFrameReader reader(String manifest) {
    return s3.spark().read().format("letsdata-s3").option("manifest-text", manifest);
  }

  private static Dataset<Row> plain(String format, StructType schema) {
    return s3.spark()
        .read()
        .format(format)
        .option("header", "true")
        .schema(schema)
        .load(local.resolve(format).toString());
  }

  private static StructType schema(String format) {
    return SCHEMAS.computeIfAbsent(
        format,
        f ->
            s3.spark()
                .read()
                .option("header", "true")
                .option("inferSchema", "true")
                .format(f)
                .load(local.resolve(f).toString())
                .schema());
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json", "csv", "text"})
  void readsTheSameRowsAsPlainSpark(String format) throws Exception {
    StructType schema = schema(format);

    Dataset<Row> data = reader(snapshot(format, Optional.of(schema))).load();

    assertThat(data.schema()).isEqualTo(schema);
    assertThat(data.rdd().getNumPartitions()).isEqualTo(OBJECTS);
    Dataset<Row> expected = plain(format, schema);
    assertThat(data.collectAsList()).containsExactlyInAnyOrderElementsOf(expected.collectAsList());
    assertThat(data.count()).isEqualTo(4000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json", "csv", "text"})
  void pinnedObjectsCostNoHeadAndNoList(String format) throws Exception {
    upload(format, "pinned");
    Dataset<Row> data = reader(snapshot(format, "pinned", Optional.of(schema(format)))).load();
    s3.countFromHere();

    data.collectAsList();

    RequestCounts counts = s3.counted();
    assertThat(counts.head()).isZero();
    assertThat(counts.list()).isZero();
    assertThat(counts.get()).isEqualTo(OBJECTS);
    assertThat(counts.requests()).isEqualTo(OBJECTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json", "csv", "text"})
  void unpinnedObjectsCostOneHeadEachOnTheWorker(String format) throws Exception {
    upload(format, "unpinned");
    Dataset<Row> data =
        reader(list(format, "unpinned")).option("format", format).schema(schema(format)).load();
    s3.countFromHere();

    assertThat(data.rdd().getNumPartitions()).isEqualTo(OBJECTS);
    assertThat(s3.counted().requests()).isZero();
    data.collectAsList();

    assertThat(s3.counted().head()).isEqualTo(OBJECTS);
    assertThat(s3.counted().list()).isZero();
    assertThat(s3.counted().get()).isEqualTo(OBJECTS);
  }

  @Test
  void schemaIsInferredFromTheFirstObjects() throws Exception {
    assertThat(reader(list("parquet")).option("format", "parquet").load().schema())
        .isEqualTo(schema("parquet"));
    assertThat(reader(list("json")).option("format", "json").load().schema())
        .isEqualTo(schema("json"));
    assertThat(
            reader(list("csv"))
                .option("format", "csv")
                .option("header", "true")
                .option("inferSchema", "true")
                .load()
                .schema())
        .isEqualTo(schema("csv"));
    upload("parquet", "inferred");
    s3.countFromHere();

    reader(list("parquet", "inferred")).option("format", "parquet").load();

    assertThat(s3.counted().head()).isEqualTo(1);
    assertThat(s3.counted().list()).isZero();
    assertThat(s3.counted().get()).isEqualTo(1);
  }

  @Test
  void parquetPrunesColumnsAndPushesFilters() throws Exception {
    Dataset<Row> data =
        reader(snapshot("parquet", Optional.of(schema("parquet"))))
            .load()
            .where("id >= 3500")
            .select("name");

    assertThat(data.queryExecution().executedPlan().toString())
        .contains("columns: id, name")
        .contains("pushed filters: [id IS NOT NULL, id >= 3500]");
    assertThat(data.count()).isEqualTo(500);
    assertThat(data.select("name").queryExecution().executedPlan().toString())
        .contains("ColumnarToRow");
  }

  @Test
  void inputFileNameIsTheObject() throws Exception {
    List<String> names =
        reader(snapshot("parquet", Optional.of(schema("parquet"))))
            .load()
            .select(input_file_name())
            .distinct()
            .collectAsList()
            .stream()
            .map(r -> r.getString(0))
            .toList();

    assertThat(names).containsExactlyInAnyOrderElementsOf(list("parquet").lines().toList());
  }

  @Test
  void smallTableOfKnownSizeIsBroadcast() throws Exception {
    Dataset<Row> big = s3.spark().range(100000).toDF("id");
    Dataset<Row> known = reader(snapshot("parquet", Optional.of(schema("parquet")))).load();
    Dataset<Row> unknown =
        reader(list("parquet")).option("format", "parquet").schema(schema("parquet")).load();
    // Only the planner's estimate counts here, not what adaptive execution finds out later.
    s3.spark().conf().set("spark.sql.adaptive.enabled", "false");
    try {
      assertThat(big.join(known, "id").queryExecution().executedPlan().toString())
          .contains("BroadcastHashJoin");
      assertThat(
              unknown
                  .join(unknown.toDF("id", "n", "p", "r"), "id")
                  .queryExecution()
                  .executedPlan()
                  .toString())
          .contains("SortMergeJoin");
    } finally {
      s3.spark().conf().unset("spark.sql.adaptive.enabled");
    }
  }

  @Test
  void lineSepAndWholetextAreHonored() throws Exception {
    byte[] wet =
        new WarcFixture()
            .warcinfo()
            .conversion(1, "eng", "a\r\n\r\nb\n")
            .conversion(2, "", "c\n")
            .gzip();
    s3.put("wet/x.warc.wet.gz", wet);

    Dataset<Row> records =
        reader("s3://bucket/wet/x.warc.wet.gz")
            .option("format", "text")
            .option("lineSep", "\n\r\n\r\n")
            .load();
    Dataset<Row> whole =
        reader("s3://bucket/wet/x.warc.wet.gz")
            .option("format", "text")
            .option("wholetext", "true")
            .load();

    assertThat(records.count()).isEqualTo(3);
    assertThat(records.where("value like 'WARC/1.0%'").count()).isEqualTo(3);
    assertThat(whole.count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json", "csv", "text"})
  void serializedScanIsSmallAndHasNoSecret(String format) throws Exception {
    Dataset<Row> data = reader(snapshot(format, Optional.of(schema(format)))).load();
    BatchScanExec scan = (BatchScanExec) data.queryExecution().sparkPlan().collectLeaves().head();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(scan.readerFactory());
      out.writeObject(scan.batch().planInputPartitions());
    }

    assertThat(bytes.toString(ISO_8859_1))
        .doesNotContain(LocalS3.SECRET)
        .contains("letsdata.s3.endpoint");
    assertThat(bytes.size()).isLessThan(40_000);
  }
}
