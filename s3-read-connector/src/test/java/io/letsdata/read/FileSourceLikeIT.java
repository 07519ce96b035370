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
import org.junit.jupiter.params.provider.ValueSource;

/** What users of Spark's own file sources expect of every source. */
class FileSourceLikeIT {
  private static LocalS3 s3;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LocalS3.start(folder);
    s3.put("in/y=1/a.json", "{\"v\":1}\n".getBytes(UTF_8));
    s3.put("in/y=1/b.json", "{\"v\":2}\n".getBytes(UTF_8));
    s3.put("in/y=1/a.csv", "1\n".getBytes(UTF_8));
    s3.put("in/y=1/b.csv", "2\n".getBytes(UTF_8));
    s3.put("in/y=1/a.warc", new WarcFixture().conversion(1, "", "1").plain());
    s3.put("in/y=1/b.warc", new WarcFixture().conversion(2, "", "2").plain());
    for (String name : List.of("a", "b")) {
      Path written = folder.resolve(name);
      s3.spark().sql("select 1 as v").write().parquet(written.toString());
      try (Stream<Path> files = Files.list(written)) {
        Path part =
            files.filter(f -> f.getFileName().toString().startsWith("part-")).findFirst().get();
        s3.put("in/y=1/" + name + ".parquet", Files.readAllBytes(part));
      }
    }
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static DataFrameReader reader(String format) {
    return s3.spark()
        .read()
        .format("letsdata-s3")
        .option(
            "manifest-text",
            "s3://bucket/in/y=1/a.%s\ns3://bucket/in/y=1/b.%s\n".formatted(format, format))
        .option("format", format);
  }

  private static List<String> rows(Dataset<Row> data) {
    return data.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json", "csv", "warc"})
  void metadataColumnSaysFromWhichObjectARowIs(String format) throws Exception {
    Dataset<Row> data = reader(format).load();

    long size = s3.store().read(ObjectLocation.parse("s3://bucket/in/y=1/a." + format)).length;
    assertThat(
            rows(
                data.where("_metadata.file_name = 'a." + format + "'")
                    .selectExpr(
                        "_metadata.file_path",
                        "y",
                        "_metadata.file_size",
                        "_metadata.file_block_start",
                        "_metadata.file_modification_time")))
        .containsExactly("[s3://bucket/in/y=1/a." + format + ",1," + size + ",0,null]");
    assertThat(rows(data.selectExpr("_metadata.file_name")))
        .containsExactly("[a." + format + "]", "[b." + format + "]");
    assertThat(data.columns()).doesNotContain("_metadata");
    assertThat(data.selectExpr("_metadata.*").columns()).hasSize(6);
    assertThat(rows(data.selectExpr("input_file_block_length()").distinct()))
        .allMatch(row -> !row.equals("[-1]"));
  }

  @ParameterizedTest
  @CsvSource({"json,a*.json,1", "csv,*.csv,2", "warc,b.*,1", "parquet,{a}.parquet,1"})
  void pathGlobFilterChoosesByTheName(String format, String glob, long expected) {
    DataFrameReader reader = reader(format).option("pathGlobFilter", glob);

    assertThat(reader.load().count()).isEqualTo(expected);
    assertThat(reader.load().rdd().getNumPartitions()).isEqualTo((int) expected);
  }

  @Test
  void recursiveFileLookupReadsNoColumnsFromKeys() {
    assertThat(reader("json").option("recursiveFileLookup", "true").load().columns())
        .containsExactly("v");
  }

  @Test
  void optionsOfTimesAreRefusedWithTheReason() {
    assertThatThrownBy(
            () -> reader("json").option("modifiedAfter", "2024-01-01T00:00:00").load().count())
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("'modifiedAfter': a manifest does not state when");
  }

  @Test
  void messageForSeveralPathsNamesThem() {
    assertThatThrownBy(
            () -> s3.spark().read().format("letsdata-s3").load("s3://bucket/x", "s3://bucket/y"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("several paths at once")
        .hasMessageContaining("s3://bucket/y")
        .hasMessageContaining("unionByName");
  }
}
