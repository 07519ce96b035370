// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.letsdata.fixtures.warc.WarcFixture;
import io.letsdata.options.UserErrorException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which objects decide the schema of a list without one. */
class InferenceIT {
  private static final int PARQUET_OBJECTS = 10;

  private static LocalS3 s3;
  private static Path local;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LocalS3.start(folder);
    local = folder;
    s3.put("ok.csv", "id,v\n3,c\n".getBytes(UTF_8));
    for (int i = 1; i <= PARQUET_OBJECTS; i++) {
      String late = i == PARQUET_OBJECTS ? ", 1 as late" : "";
      putParquet("merge/" + i + ".parquet", s3.spark().sql("select " + i + " as id" + late));
    }
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static void putParquet(String key, Dataset<Row> rows) throws Exception {
    Path written = local.resolve(key);
    rows.coalesce(1).write().parquet(written.toString());
    try (Stream<Path> files = Files.list(written)) {
      Path part =
          files.filter(f -> f.getFileName().toString().startsWith("part-")).findFirst().get();
      s3.put(key, Files.readAllBytes(part));
    }
  }

  private static DataFrameReader reader(String format, String... keys) {
    StringBuilder list = new StringBuilder();
    for (String key : keys) {
      list.append("s3://bucket/").append(key).append('\n');
    }
    return s3.spark()
        .read()
        .format("letsdata-s3")
        .option("manifest-text", list.toString())
        .option("format", format);
  }

  private static String[] mergeKeys() {
    String[] keys = new String[PARQUET_OBJECTS];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = "merge/" + (i + 1) + ".parquet";
    }
    return keys;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# a comment\n", "\uFEFF", "\n\n"})
  void firstObjectWithoutALineDoesNotDecideForZeroColumns(String text) throws Exception {
    s3.put("lines/first.csv.gz", WarcFixture.gzip(text.getBytes(UTF_8)));

    Dataset<Row> data =
        reader("csv", "lines/first.csv.gz", "ok.csv")
            .option("header", "true")
            .option("comment", "#")
            .load();

    assertThat(data.columns()).containsExactly("id", "v");
    assertThat(data.collectAsList()).extracting(Row::toString).containsExactly("[3,c]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json", "parquet"})
  void objectsWithoutALineAreAnErrorThatNamesTheRemedy(String format) throws Exception {
    s3.put("none/a." + format + ".gz", WarcFixture.gzip(new byte[0]));
    s3.put("none/empty", new byte[0]);
    String key = format.equals("parquet") ? "none/empty" : "none/a." + format + ".gz";

    assertThatThrownBy(() -> reader(format, key).load())
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("Cannot infer the schema")
        .hasMessageContaining("of its 1 objects")
        .hasMessageContaining(".schema(…)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_a", ".a", "in/_a.b", "a._COPYING_"})
  void objectWithANameThatListingsHideCountsInInference(String name) throws Exception {
    s3.put("hidden/" + name, "x,y\n1,2\n".getBytes(UTF_8));
    s3.put("hidden-json/" + name, "{\"only\":1,\n\"a\":2}".getBytes(UTF_8));

    assertThat(reader("csv", "hidden/" + name, "ok.csv").option("header", "true").load().columns())
        .containsExactly("x", "y");
    assertThat(reader("json", "hidden-json/" + name).option("multiLine", "true").load().columns())
        .containsExactly("a", "only");
    assertThat(
            reader("csv", "hidden/" + name)
                .option("header", "true")
                .option("inferSchema", "true")
                .load()
                .first())
        .hasToString("[1,2]");
  }

  @Test
  void columnAndTypeThatOnlyTheLastOfNineObjectsHasAreInferred() throws Exception {
    String[] keys = new String[9];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = "nine/" + i + ".json";
      String id = i == 8 ? "\"x\",\"late\":1" : String.valueOf(i);
      s3.put(keys[i], ("{\"id\":" + id + "}\n").getBytes(UTF_8));
    }

    Dataset<Row> data = reader("json", keys).load();

    assertThat(data.columns()).containsExactly("id", "late");
    assertThat(data.selectExpr("count(id)").first().getLong(0)).isEqualTo(9);
  }

  @Test
  void mergedSchemaIsThatOfAllObjects() {
    Dataset<Row> data = reader("parquet", mergeKeys()).option("mergeSchema", "true").load();

    assertThat(data.columns()).containsExactly("id", "late");
    assertThat(data.where("late = 1").count()).isEqualTo(1);
  }

  @Test
  void mergeSchemaOfTheSessionCountsUnlessTheReadSaysOtherwise() {
    s3.spark().conf().set("spark.sql.parquet.mergeSchema", "true");
    try {
      assertThat(reader("parquet", mergeKeys()).load().columns()).containsExactly("id", "late");
      assertThat(reader("parquet", mergeKeys()).option("mergeSchema", "false").load().columns())
          .containsExactly("id");
    } finally {
      s3.spark().conf().unset("spark.sql.parquet.mergeSchema");
    }
  }

  @Test
  void limitOfTheUserBoundsTheRequestsOfInference() {
    s3.countFromHere();

    Dataset<Row> data =
        reader("parquet", mergeKeys())
            .option("mergeSchema", "true")
            .option("inference-objects", "3")
            .load();

    assertThat(s3.counted().head()).isEqualTo(3);
    assertThat(s3.counted().list()).isZero();
    assertThat(data.columns()).as("the last object is one of the three").contains("late");
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json", "parquet"})
  void errorOfInferenceNamesTheObjectAndNoPrivatePath(String format) throws Exception {
    String key = "plain/_not-gzip." + format + ".gz";
    s3.put(key, "{\"a\":1}\n".repeat(100).getBytes(UTF_8));

    Throwable thrown = catchThrowable(() -> reader(format, key).load());

    assertThat(thrown)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("Cannot infer the schema of manifest-text as " + format)
        .hasMessageContaining("s3://bucket/" + key);
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      assertThat(String.valueOf(cause.getMessage())).doesNotContain("letsdata-store");
    }
  }
}
