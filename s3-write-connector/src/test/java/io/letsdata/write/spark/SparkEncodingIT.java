// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.manifest.ObjectFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Spark's own reader reads back what Spark's encoders wrote into our stream, after a trip through
 * Java serialization.
 */
class SparkEncodingIT {
  private static final String SECRET = "canary-8f2b71";

  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.hadoop.fs.s3a.secret.key", SECRET)
            .config("spark.sql.catalog.x.password", SECRET)
            .config("spark.my.service", SECRET)
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Dataset<Row> rows() {
    return spark.sql(
        "select id, concat('n', id) as name, cast(id as decimal(12,2)) / 3 as price,"
            + " timestamp'2026-01-02 03:04:05' as at, date'2026-01-02' as day from range(100)");
  }

  private static byte[] encode(SparkEncoding encoding, Dataset<Row> data) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (RowEncoder encoder = encoding.open(bytes, 0, 7)) {
      for (InternalRow row : data.queryExecution().executedPlan().executeCollect()) {
        encoder.write(row);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] serialized(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static SparkEncoding shipped(SparkEncoding encoding) throws Exception {
    byte[] bytes = serialized(encoding);
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (SparkEncoding) in.readObject();
    }
  }

  static Stream<Arguments> everyFormat() {
    return Stream.of(
        Arguments.of(ObjectFormat.JSON, Map.of(), "json"),
        Arguments.of(ObjectFormat.JSON, Map.of("compression", "gzip"), "json.gz"),
        Arguments.of(ObjectFormat.CSV, Map.of("header", "true", "sep", ";"), "csv"),
        Arguments.of(ObjectFormat.CSV, Map.of("compression", "gzip"), "csv.gz"),
        Arguments.of(ObjectFormat.PARQUET, Map.of(), "snappy.parquet"),
        Arguments.of(ObjectFormat.ORC, Map.of(), "snappy.orc"),
        Arguments.of(ObjectFormat.ORC, Map.of("compression", "zlib"), "zlib.orc"),
        Arguments.of(ObjectFormat.ORC, Map.of("orc.compress", "none"), "orc"),
        Arguments.of(ObjectFormat.AVRO, Map.of(), "avro"),
        Arguments.of(ObjectFormat.PARQUET, Map.of("compression", "gzip"), "gz.parquet"),
        Arguments.of(ObjectFormat.PARQUET, Map.of("compression", "zstd"), "zstd.parquet"));
  }

  @ParameterizedTest
  @MethodSource
  void everyFormat(
      ObjectFormat format, Map<String, String> options, String extension, @TempDir Path folder)
      throws Exception {
    Dataset<Row> data = rows();
    SparkEncoding encoding = shipped(SparkEncoding.prepare(spark, format, options, data.schema()));

    assertThat(encoding.extension()).isEqualTo(extension);
    Path file = folder.resolve("f." + extension);
    Files.write(file, encode(encoding, data));
    List<Row> back =
        spark
            .read()
            .format(format.text())
            .options(options)
            .schema(data.schema())
            .load(file.toString())
            .collectAsList();
    assertThat(back).containsExactlyElementsOf(data.collectAsList());
  }

  @ParameterizedTest
  @CsvSource({"zstd,ZSTD", "zlib,ZLIB", "none,NONE", "snappy,SNAPPY"})
  void codecOfOrcReachesTheTask(String option, String codec, @TempDir Path folder)
      throws Exception {
    Dataset<Row> data = rows();
    SparkEncoding encoding =
        shipped(
            SparkEncoding.prepare(
                spark, ObjectFormat.ORC, Map.of("compression", option), data.schema()));

    Path file = folder.resolve("f.orc");
    Files.write(file, encode(encoding, data));
    try (Reader reader =
        OrcFile.createReader(
            new org.apache.hadoop.fs.Path(file.toUri()),
            OrcFile.readerOptions(spark.sessionState().newHadoopConf()))) {
      assertThat(reader.getCompressionKind()).hasToString(codec);
      assertThat(reader.getNumberOfRows()).isEqualTo(100);
    }
  }

  @Test
  void textHasOneRowPerLine() throws Exception {
    Dataset<Row> data = spark.sql("select concat('n', id) as line from range(3)");
    SparkEncoding encoding =
        SparkEncoding.prepare(spark, ObjectFormat.TEXT, Map.of("lineSep", "|"), data.schema());

    assertThat(new String(encode(encoding, data), StandardCharsets.UTF_8)).isEqualTo("n0|n1|n2|");
  }

  @Test
  void serializedWriterIsSmallAndHasNoSecret() throws IOException {
    for (ObjectFormat format : List.of(ObjectFormat.JSON, ObjectFormat.PARQUET)) {
      byte[] bytes = serialized(SparkEncoding.prepare(spark, format, Map.of(), rows().schema()));

      assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
      assertThat(bytes.length).isLessThan(24_000);
    }
  }

  @Test
  void textOfTwoColumnsIsRejected() {
    assertThatThrownBy(
            () -> SparkEncoding.prepare(spark, ObjectFormat.TEXT, Map.of(), rows().schema()))
        .hasMessageContaining("Text");
  }

  @Test
  void unknownCompressionIsRejected() {
    assertThatThrownBy(
            () ->
                SparkEncoding.prepare(
                    spark, ObjectFormat.JSON, Map.of("compression", "zipp"), rows().schema()))
        .hasMessageContaining("zipp");
  }
}
