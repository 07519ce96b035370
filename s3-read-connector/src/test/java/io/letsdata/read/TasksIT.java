// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.warc.WarcFixture;
import io.letsdata.options.UserErrorException;
import io.letsdata.store.ObjectLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Long objects that are split, short ones that are packed, and from which part a row is. */
class TasksIT {
  private static final int WARC_RECORDS = 40;

  private static LocalS3 s3;
  private static Path local;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LocalS3.start(folder);
    local = folder;
    Dataset<Row> rows =
        s3.spark()
            .range(0, 120_000, 1, 1)
            .selectExpr("id", "sha2(cast(id as string), 256) as name", "id % 7 as remainder");
    s3.spark().conf().set("parquet.block.size", "1048576");
    for (String format : List.of("parquet", "json", "csv")) {
      rows.write()
          .format(format)
          .option("header", "true")
          .option("parquet.block.size", "1048576")
          .save(folder.resolve(format).toString());
      upload(format, format);
    }
    rows.select("name").write().text(folder.resolve("text").toString());
    upload("text", "text");
    rows.select("name")
        .write()
        .option("compression", "bzip2")
        .text(folder.resolve("bz2").toString());
    upload("bz2", "txt.bz2");
    WarcFixture warc = new WarcFixture().warcinfo();
    Random random = new Random(7);
    for (int i = 1; i < WARC_RECORDS; i++) {
      byte[] noise = new byte[75_000];
      random.nextBytes(noise);
      warc.conversion(i, "eng", java.util.HexFormat.of().formatHex(noise));
    }
    s3.put("long/warc.warc.gz", warc.gzip());
    for (int i = 0; i < 10; i++) {
      s3.put("short/" + i + ".text", ("line " + i + "\n").getBytes(UTF_8));
    }
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static void upload(String folder, String extension) throws Exception {
    try (Stream<Path> files = Files.list(local.resolve(folder))) {
      Path part =
          files.filter(f -> f.getFileName().toString().startsWith("part-")).findFirst().get();
      s3.put("long/" + folder + "." + extension, Files.readAllBytes(part));
    }
  }

  private static DataFrameReader reader(String format, String manifest) {
    DataFrameReader reader =
        s3.spark()
            .read()
            .format("letsdata-s3")
            .option("manifest-text", manifest)
            .option("format", format);
    return format.equals("csv") ? reader.option("header", "true") : reader;
  }

  private static List<String> rows(Dataset<Row> data) {
    return data.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "parquet,parquet.parquet",
    "json,json.json",
    "csv,csv.csv",
    "text,text.text",
    "text,bz2.txt.bz2",
    "warc,warc.warc.gz"
  })
  void piecesOfALongObjectHaveEachRecordOnce(String format, String name) throws Exception {
    String location = "s3://bucket/long/" + name;
    long lengthBytes = s3.store().stat(ObjectLocation.parse(location)).orElseThrow().lengthBytes();
    Dataset<Row> whole = reader(format, location).load();

    Dataset<Row> split =
        reader(format, location).option("splitSize", "1m").schema(whole.schema()).load();
    s3.countFromHere();

    long pieces = (lengthBytes + (1 << 20) - 1) >> 20;
    assertThat(pieces).isGreaterThan(1);
    assertThat(split.rdd().getNumPartitions()).isEqualTo((int) pieces);
    assertThat(s3.counted().head()).isEqualTo(1);
    String columns = format.equals("warc") ? "offset" : String.join(",", whole.columns());
    assertThat(rows(split.selectExpr(columns.split(","))))
        .isEqualTo(rows(whole.selectExpr(columns.split(","))));
    assertThat(split.selectExpr("_offset", "_length").distinct().count()).isBetween(2L, pieces);
    assertThat(s3.counted().list()).isZero();
  }

  @Test
  void objectsThatCannotBeSplitStayWhole() throws Exception {
    s3.put("long/gz.json.gz", WarcFixture.gzip("{\"a\":1}\n".repeat(900_000).getBytes(UTF_8)));
    s3.put("long/plain.warc", new WarcFixture().conversion(1, "", "x".repeat(3 << 20)).plain());

    assertThat(
            reader("json", "s3://bucket/long/gz.json.gz")
                .schema("a int")
                .option("split-size", "1m")
                .load()
                .rdd()
                .getNumPartitions())
        .isEqualTo(1);
    assertThat(
            reader("text", "s3://bucket/long/text.text")
                .option("wholetext", "true")
                .option("split-size", "1m")
                .load()
                .count())
        .isEqualTo(1);
    assertThat(
            reader("warc", "s3://bucket/long/plain.warc").option("split-size", "1m").load().count())
        .isEqualTo(1);
  }

  @Test
  void shortObjectsArePackedAndEachRowKnowsItsObject() {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      list.append("s3://bucket/short/").append(i).append(".text\n");
    }
    Dataset<Row> data =
        reader("text", list.toString())
            .option("filesPerTask", "4")
            .option("pathGlobFilter", "[1-9].text")
            .load();

    assertThat(data.rdd().getNumPartitions()).isEqualTo(3);
    List<Row> found =
        data.selectExpr(
                "value",
                "input_file_name()",
                "_file",
                "_offset",
                "_length",
                "length(_etag)",
                "_manifest_line",
                "_metadata.file_name",
                "_metadata.file_size")
            .collectAsList();
    assertThat(found).hasSize(9);
    for (int i = 1; i < 10; i++) {
      String location = "s3://bucket/short/" + i + ".text";
      assertThat(found.get(i - 1).toString())
          .isEqualTo(
              "[line %s,%s,%s,0,7,32,%s,%s.text,7]".formatted(i, location, location, i + 1, i));
    }
  }

  @Test
  void shortObjectsArePackedByTheirBytes() throws Exception {
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      String location = "s3://bucket/short/" + i + ".text";
      String etag = s3.store().stat(ObjectLocation.parse(location)).orElseThrow().etag();
      entries.append(i == 0 ? "" : ",");
      entries.append(
          "{\"location\":\"%s\",\"lengthBytes\":7,\"etag\":\"%s\"}".formatted(location, etag));
    }
    String snapshot =
        "{\"letsdataManifest\":1,\"id\":\"i\",\"version\":1,\"format\":\"text\",\"files\":["
            + entries
            + "]}";

    Dataset<Row> data = reader("text", snapshot).option("packSize", "12m").load();

    assertThat(data.rdd().getNumPartitions()).isEqualTo(5); // 4 MiB and 7 bytes each
    assertThat(data.count()).isEqualTo(10);
  }

  @Test
  void wrongSizesAreErrorsOfTheUser() {
    assertThatThrownBy(
            () ->
                reader("text", "s3://bucket/short/0.text").option("splitSize", "9k").load().count())
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("split-size");
  }
}
