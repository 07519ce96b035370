// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema of a read: nullable everywhere, and no column twice, as with Spark's own sources. */
class ReaderSchemaIT {
  private static LocalS3 s3;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LocalS3.start(folder);
    s3.put("a.json", "{\"a\":1,\"s\":\"x\"}\n{\"s\":\"y\"}\n{\"a\":3}\n".getBytes(UTF_8));
    s3.put("a.csv", "1,x\n,y\n3,\n".getBytes(UTF_8));
    Dataset<Row> rows = s3.spark().read().schema("a int, s string").json(lines());
    parquet(folder, rows, "a.parquet");
    s3.put("twice.json", "{\"a\":1,\"A\":2}\n".getBytes(UTF_8));
    s3.spark().conf().set("spark.sql.caseSensitive", "true");
    try {
      parquet(folder, s3.spark().sql("select 1 as a, 2 as A"), "twice.parquet");
    } finally {
      s3.spark().conf().unset("spark.sql.caseSensitive");
    }
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static Dataset<String> lines() {
    return s3.spark()
        .createDataset(
            List.of("{\"a\":1,\"s\":\"x\"}", "{\"s\":\"y\"}", "{\"a\":3}"), Encoders.STRING());
  }

  private static void parquet(Path folder, Dataset<Row> rows, String key) throws IOException {
    Path written = folder.resolve(key);
    rows.coalesce(1).write().parquet(written.toString());
    try (Stream<Path> files = Files.list(written)) {
      Path part =
          files.filter(f -> f.getFileName().toString().startsWith("part-")).findFirst().get();
      s3.put(key, Files.readAllBytes(part));
    }
  }

  private static DataFrameReader reader(String key, String format) {
    return s3.spark()
        .read()
        .format("letsdata-s3")
        .option("manifest-text", "s3://bucket/" + key)
        .option("format", format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "csv", "parquet"})
  void nullInColumnThatTheUserStatesAsNotNullStaysNull(String format) {
    Dataset<Row> data = reader("a." + format, format).schema("a int not null, s string").load();

    assertThat(data.schema().apply("a").nullable()).isTrue();
    assertThat(data.selectExpr("count(a)").first().getLong(0)).isEqualTo(2);
    assertThat(data.where("a is null").select("s").first().getString(0)).isEqualTo("y");
    assertThat(data.selectExpr("coalesce(a, -1)").collectAsList())
        .extracting(row -> row.getInt(0))
        .containsExactly(1, -1, 3);
  }

  @Test
  void nullsInFieldsElementsAndValuesThatAreStatedAsNotNullStayNull() throws Exception {
    s3.put(
        "nested.json",
        "{\"r\":{\"x\":1},\"l\":[1,null],\"m\":{\"k\":null}}\n{\"r\":{}}\n{}\n".getBytes(UTF_8));
    StructType inner =
        new StructType(
            new StructField[] {
              new StructField("x", DataTypes.IntegerType, false, Metadata.empty())
            });
    StructType schema =
        new StructType()
            .add("r", inner, false)
            .add("l", new ArrayType(DataTypes.IntegerType, false), false)
            .add("m", new MapType(DataTypes.StringType, DataTypes.IntegerType, false), false);

    Dataset<Row> data = reader("nested.json", "json").schema(schema).load();

    assertThat(data.schema()).isEqualTo(schema.asNullable());
    assertThat(data.where("r.x is null").count()).isEqualTo(2);
    assertThat(data.where("l[1] is null").count()).isEqualTo(3);
    assertThat(data.selectExpr("filter(l, e -> e is null)").first().getList(0)).hasSize(1);
    assertThat(data.where("m['k'] is null").count()).isEqualTo(3);
  }

  @Test
  void nullInColumnThatTheManifestStatesAsNotNullStaysNull() {
    StructType schema = StructType.fromDDL("a int not null, s string");
    String manifest =
        new String(
            Manifests.toBytes(
                Snapshot.of(
                    "i",
                    1,
                    "csv",
                    Optional.of(schema.json()),
                    Map.of(),
                    List.of(ManifestEntry.of("s3://bucket/a.csv")))),
            UTF_8);

    Dataset<Row> data =
        s3.spark().read().format("letsdata-s3").option("manifest-text", manifest).load();

    assertThat(data.where("a is null").count()).isEqualTo(1);
  }

  @Test
  void schemaOfTheUserThatNamesAColumnTwiceIsRefused() {
    assertThatThrownBy(() -> reader("a.parquet", "parquet").schema("id int, ID int").load())
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("[COLUMN_ALREADY_EXISTS]")
        .hasMessageContaining("`id`");
    assertThatThrownBy(() -> reader("a.json", "json").schema("r struct<x int, X int>").load())
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("[COLUMN_ALREADY_EXISTS]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "parquet"})
  void objectThatNamesAColumnTwiceIsRefusedUnlessTheSessionTellsCaseApart(String format) {
    assertThatThrownBy(() -> reader("twice." + format, format).load())
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("[COLUMN_ALREADY_EXISTS]")
        .hasMessageContaining("`a`");

    s3.spark().conf().set("spark.sql.caseSensitive", "true");
    try {
      assertThat(reader("twice." + format, format).load().select("a", "A").first())
          .hasToString("[1,2]");
    } finally {
      s3.spark().conf().unset("spark.sql.caseSensitive");
    }
  }
}
