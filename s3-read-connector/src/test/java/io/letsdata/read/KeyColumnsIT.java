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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns whose values are in the keys of a list. */
class KeyColumnsIT {
  private static final String FOLDER = "logs/year=2024/month=0";

  private static LocalS3 s3;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LocalS3.start(folder);
    for (int month = 1; month <= 2; month++) {
      s3.put(key(month, "json"), ("{\"v\":" + month + "}\n").getBytes(UTF_8));
      s3.put(key(month, "csv"), ("v\n" + month + "\n").getBytes(UTF_8));
      s3.put(key(month, "text"), (month + "\n").getBytes(UTF_8));
      s3.put(key(month, "warc"), new WarcFixture().conversion(month, "eng", month + "\n").plain());
      Path written = folder.resolve("parquet" + month);
      s3.spark().sql("select " + month + " as v").write().parquet(written.toString());
      try (Stream<Path> files = Files.list(written)) {
        Path part =
            files.filter(f -> f.getFileName().toString().startsWith("part-")).findFirst().get();
        s3.put(key(month, "parquet"), Files.readAllBytes(part));
      }
    }
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static String key(int month, String format) {
    return FOLDER + month + "/a." + format;
  }

  private static DataFrameReader reader(String format) {
    return reader(format, key(1, format), key(2, format));
  }

  private static DataFrameReader reader(String format, String... keys) {
    StringBuilder list = new StringBuilder();
    for (String key : keys) {
      list.append("s3://bucket/").append(key).append('\n');
    }
    DataFrameReader reader =
        s3.spark()
            .read()
            .format("letsdata-s3")
            .option("manifest-text", list.toString())
            .option("format", format);
    return format.equals("csv") ? reader.option("header", "true") : reader;
  }

  private static List<String> rows(Dataset<Row> data) {
    return data.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @ParameterizedTest
  @CsvSource({"parquet,v", "json,v", "csv,v", "text,value", "warc,trim(text)"})
  void valuesOfTheKeysAreColumnsAndFilterTheObjects(String format, String v) {
    Dataset<Row> data = reader(format).load();

    assertThat(data.schema().apply("year").dataType().sql()).isEqualTo("INT");
    assertThat(data.columns()).endsWith("year", "month");
    assertThat(rows(data.selectExpr("month", "cast(" + v + " as int)", "year")))
        .containsExactly("[1,1,2024]", "[2,2,2024]");
    Dataset<Row> second = data.where("month = 2").selectExpr("cast(" + v + " as int)");
    assertThat(second.queryExecution().executedPlan().toString()).contains("objects: 1 of 2");
    s3.countFromHere();
    assertThat(rows(second)).containsExactly("[2]");
    assertThat(s3.counted().requests()).as("of one object").isEqualTo(1);
    assertThat(data.where("year = 2024 and month > 2").count()).isZero();
    assertThat(data.where("month = 2 or cast(" + v + " as int) = 1").count()).isEqualTo(2);
    assertThat(rows(data.groupBy("month").count())).containsExactly("[1,1]", "[2,1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json"})
  void schemaOfTheUserNamesAndTypesTheColumnsOfTheKeys(String format) {
    Dataset<Row> data = reader(format).schema("MONTH string, v int, year bigint").load();

    assertThat(data.schema().toDDL()).isEqualTo("MONTH STRING,v INT,year BIGINT");
    assertThat(rows(data)).containsExactly("[01,1,2024]", "[02,2,2024]");
    assertThat(rows(data.where("month = '02'").select("v"))).containsExactly("[2]");
    assertThat(reader(format).schema("v int").load().columns()).containsExactly("v");
  }

  @Test
  void columnOfTheKeysHasPrecedenceOverOneOfTheObjects() throws Exception {
    s3.put("both/v=7/a.json", "{\"v\":1,\"w\":2}\n".getBytes(UTF_8));

    assertThat(rows(reader("json", "both/v=7/a.json").load().select("v", "w")))
        .containsExactly("[7,2]");
    assertThat(
            rows(
                reader("json", "both/v=7/a.json")
                    .option("partition-columns", "false")
                    .load()
                    .select("v", "w")))
        .containsExactly("[1,2]");
  }

  @Test
  void folderThatOnlySomeKeysHaveIsNoColumnAndAnErrorWhenItIsAskedFor() throws Exception {
    s3.put("some/year=2023/a.json", "{\"v\":3}\n".getBytes(UTF_8));
    String[] keys = {key(1, "json"), "some/year=2023/a.json"};

    assertThat(reader("json", keys).load().columns()).containsExactly("v", "year");
    assertThatThrownBy(() -> reader("json", keys).schema("v int, month int").load().count())
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("column month")
        .hasMessageContaining("s3://bucket/some/year=2023/a.json")
        .hasMessageContaining("'partition-columns'='false'");
  }

  @Test
  void escapedAndDefaultValuesAreThoseOfHive() throws Exception {
    s3.put("e/p=a%2Fb c=d/a.json", "{\"v\":1}\n".getBytes(UTF_8));
    s3.put("e/p=__HIVE_DEFAULT_PARTITION__/a.json", "{\"v\":2}\n".getBytes(UTF_8));

    Dataset<Row> data =
        reader("json", "e/p=a%2Fb c=d/a.json", "e/p=__HIVE_DEFAULT_PARTITION__/a.json").load();

    assertThat(rows(data)).containsExactly("[1,a/b c=d]", "[2,null]");
    assertThat(rows(data.where("p is null").select("v"))).containsExactly("[2]");
  }

  @Test
  void objectsOfASnapshotHoldAllOfItsColumns() throws Exception {
    s3.put("snap/v=7/a.json", "{\"v\":1}\n".getBytes(UTF_8));
    String manifest =
        new String(
            Manifests.toBytes(
                Snapshot.of(
                    "i",
                    1,
                    "json",
                    Optional.of(StructType.fromDDL("v int").json()),
                    Map.of(),
                    List.of(ManifestEntry.of("s3://bucket/snap/v=7/a.json")))),
            UTF_8);

    assertThat(
            rows(s3.spark().read().format("letsdata-s3").option("manifest-text", manifest).load()))
        .containsExactly("[1]");
  }
}
