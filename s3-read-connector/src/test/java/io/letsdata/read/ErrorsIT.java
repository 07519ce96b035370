// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.warc.WarcFixture;
import io.letsdata.options.UserErrorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Bad records and objects become documents; rows and documents account for every record. */
class ErrorsIT {
  private static final String ROWS =
      "{\"a\":1,\"b\":\"one\"}\n{\"a\":22,\"b\":\"two\"}\n{\"a\":333,\"b\":\"three\"}\n";

  private static LocalS3 s3;
  private static Path local;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LocalS3.start(folder);
    local = folder;
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static DataFrameReader reader(String format, String manifest, String errors) {
    DataFrameReader reader =
        s3.spark()
            .read()
            .format("letsdata-s3")
            .option("manifest-text", manifest)
            .option("format", format)
            .option("errorPath", "s3://bucket/errors/" + errors);
    return format.equals("warc") ? reader : reader.schema("a int, b string");
  }

  /** All documents below a path, as a user reads them. */
  private static List<Row> documents(String errors) throws Exception {
    List<String> lines = new ArrayList<>();
    var listed =
        s3.store().list("bucket", "errors/" + errors + "/", java.util.Optional.empty(), 1000);
    for (var object : listed.objects()) {
      try (var body = s3.store().openAll(object.location(), java.util.Optional.empty())) {
        new String(body.readAllBytes(), UTF_8).lines().forEach(lines::add);
      }
    }
    return lines.isEmpty()
        ? List.of()
        : s3.spark()
            .read()
            .schema(
                "dataset string, run string, file string, etag string, startOffset bigint, endOffset bigint, recordType string, message string, record string, recordBase64 string")
            .json(s3.spark().createDataset(lines, org.apache.spark.sql.Encoders.STRING()))
            .collectAsList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "csv"})
  void badRecordBecomesADocumentWhateverTheQuerySelects(String format) throws Exception {
    String good = format.equals("json") ? "{\"a\":1,\"b\":\"x\"}\n" : "1,x\n";
    String bad = format.equals("json") ? "{\"a\":\"no\",\"b\":\"x\"}\n{oops\n" : "no,x\n1\n";
    s3.put("bad/0." + format, (good + bad + good).getBytes(UTF_8));
    String manifest = "s3://bucket/bad/0." + format;

    Dataset<Row> data = reader(format, manifest, "one-" + format).load();

    assertThat(data.collectAsList().toString()).isEqualTo("[[1,x], [1,x]]");
    assertThat(documents("one-" + format).stream().map(d -> d.<String>getAs("record")))
        .containsExactlyElementsOf(bad.lines().toList());
    Row document = documents("one-" + format).get(0);
    assertThat(document.<String>getAs("file")).isEqualTo(manifest);
    assertThat(document.<String>getAs("dataset")).isEqualTo("manifest-text");
    assertThat(document.<String>getAs("etag")).hasSize(32);
    assertThat(document.<String>getAs("message")).contains("malformed");
    assertThat(reader(format, manifest, "two-" + format).load().count()).isEqualTo(2);
    assertThat(reader(format, manifest, "three-" + format).load().where("b = 'x'").count())
        .isEqualTo(2);
    assertThat(reader(format, manifest, "three-" + format).load().select("b").count()).isEqualTo(2);
    assertThat(documents("two-" + format)).hasSize(2);
    assertThat(documents("three-" + format)).hasSize(4); // two runs
  }

  @Test
  void damagedRecordOfAWarcObjectHasItsPlaceAndBytes() throws Exception {
    byte[] object =
        new WarcFixture()
            .warcinfo()
            .conversion(1, "eng", "first")
            .conversion(2, "eng", "second")
            .plain();
    String text = new String(object, UTF_8);
    int second = text.indexOf("WARC/1.0", text.indexOf("WARC/1.0") + 1);
    int third = text.indexOf("WARC/1.0", second + 1);
    byte[] damaged = object.clone();
    damaged[text.indexOf("Content-Length: ", second) + "Content-Length: ".length()] = 'x';
    s3.put("bad/1.warc", damaged);

    Dataset<Row> data = reader("warc", "s3://bucket/bad/1.warc", "warc").load();

    assertThat(data.count()).isEqualTo(2);
    Row document = documents("warc").get(0);
    assertThat(document.<Long>getAs("startOffset")).isEqualTo(second);
    assertThat(document.<Long>getAs("endOffset")).isEqualTo(third);
    assertThat(document.<String>getAs("record"))
        .isEqualTo(new String(damaged, second, third - second, UTF_8));
    assertThat(document.<String>getAs("message")).contains("its Content-Length is [x");
  }

  @Test
  void limitsEndARunThatGoesWrong() throws Exception {
    s3.put("bad/2.json", "{oops\n".repeat(5).getBytes(UTF_8));
    String manifest = "s3://bucket/bad/2.json";

    assertThat(reader("json", manifest, "limit").option("maxErrors", "5").load().count()).isZero();
    assertThatThrownBy(
            () -> reader("json", manifest, "limit").option("maxErrors", "4").load().count())
        .hasStackTraceContaining("'max-errors' allows 4")
        .hasStackTraceContaining("s3://bucket/bad/2.json");
    s3.put("bad/3.json", ("{oops\n".repeat(5) + "{\"a\":1}\n".repeat(95)).getBytes(UTF_8));
    String hundred = "s3://bucket/bad/3.json";
    assertThat(reader("json", hundred, "limit").option("maxErrorRatio", "0.05").load().count())
        .isEqualTo(95);
    assertThatThrownBy(
            () -> reader("json", hundred, "limit").option("maxErrorRatio", "0.049").load().count())
        .hasStackTraceContaining("5 bad records beside 95 good ones")
        .hasStackTraceContaining("'max-error-ratio' allows 0.049");
    assertThatThrownBy(
            () ->
                s3.spark()
                    .read()
                    .format("letsdata-s3")
                    .option("manifest-text", manifest)
                    .option("format", "json")
                    .option("max-errors", "4")
                    .schema("a int")
                    .load()
                    .count())
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("error-path");
    assertThatThrownBy(
            () -> reader("json", manifest, "limit").option("mode", "FAILFAST").load().count())
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("error-path");
  }

  private static byte[] file(String format) throws Exception {
    return switch (format) {
      case "json" -> ROWS.getBytes(UTF_8);
      case "json.gz" -> WarcFixture.gzip(ROWS.getBytes(UTF_8));
      case "csv" -> "1,one\n22,two\n333,three\n".getBytes(UTF_8);
      case "warc.gz" -> new WarcFixture().conversion(1, "", "one").conversion(2, "", "two").gzip();
      case "warc" -> new WarcFixture().conversion(1, "", "one").conversion(2, "", "two").plain();
      default -> {
        Path folder = local.resolve("file-" + format + System.nanoTime());
        s3.spark()
            .sql(
                "select 1 as a, 'one' as b union all select 22, 'two' union all select 333, 'three'")
            .coalesce(1)
            .write()
            .format(format)
            .option("compression", "none")
            .save(folder.toString());
        try (Stream<Path> parts = Files.list(folder)) {
          yield Files.readAllBytes(
              parts.filter(p -> p.getFileName().toString().startsWith("part-")).findFirst().get());
        }
      }
    };
  }

  private static String kind(String format) {
    return format.startsWith("warc") ? "warc" : format.startsWith("json") ? "json" : format;
  }

  /** Rows and documents by object. */
  private static Map<String, List<String>> read(String format, List<String> locations, String run)
      throws Exception {
    String row = kind(format).equals("warc") ? "record_id" : "concat(a, ' ', b)";
    Map<String, List<String>> found = new HashMap<>();
    locations.forEach(location -> found.put(location, new ArrayList<>()));
    reader(kind(format), String.join("\n", locations), run)
        .option("filesPerTask", "100")
        .load()
        .selectExpr("_file", row)
        .collectAsList()
        .forEach(r -> at(found, r.getString(0)).add(String.valueOf(r.get(1))));
    for (Row document : documents(run)) {
      at(found, document.<String>getAs("file")).add("ERROR");
    }
    return found;
  }

  private static List<String> at(Map<String, List<String>> found, String location) {
    return Objects.requireNonNull(found.get(location), location);
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "json.gz", "csv", "parquet", "orc", "warc", "warc.gz"})
  void clippedObjectHasEachRecordAsARowOrInADocument(String format) throws Exception {
    byte[] whole = file(format);
    List<String> locations = new ArrayList<>();
    for (int length = 1; length <= whole.length; length++) {
      String key = "clip/" + length + "." + format;
      s3.put(key, Arrays.copyOf(whole, length));
      locations.add("s3://bucket/" + key);
    }

    Map<String, List<String>> found = read(format, locations, "clip-" + format);

    List<String> all = at(found, locations.get(whole.length - 1));
    assertThat(all).doesNotContain("ERROR").hasSize(kind(format).equals("warc") ? 2 : 3);
    for (int length = 1; length < whole.length; length++) {
      List<String> rows = at(found, locations.get(length - 1));
      boolean failed = rows.removeIf("ERROR"::equals);
      if (format.equals("csv")) { // a clipped value is a value
        long lines = new String(whole, 0, length, UTF_8).lines().count();
        assertThat(rows.size() + (failed ? 1 : 0)).as("at %s", length).isEqualTo((int) lines);
      } else {
        assertThat(rows).as("at %s", length).isEqualTo(all.subList(0, rows.size()));
        assertThat(failed || isAtRecord(format, whole, length, rows.size(), all.size()))
            .as("clipped at byte %s of %s: %s", length, whole.length, rows)
            .isTrue();
      }
    }
  }

  /** Whether nothing is missing: the object ends behind its last row. */
  private static boolean isAtRecord(String format, byte[] whole, int length, int rows, int ofWhole)
      throws Exception {
    return switch (format) {
      case "json" -> new String(whole, 0, length, UTF_8).lines().count() == rows;
      case "warc" -> rows == ofWhole || startsRecord(whole, length);
      case "warc.gz" ->
          rows == ofWhole || length == new WarcFixture().conversion(1, "", "one").gzip().length;
      default -> rows == ofWhole;
    };
  }

  private static boolean startsRecord(byte[] whole, int length) {
    String rest = new String(whole, length, whole.length - length, UTF_8);
    return rest.stripLeading().startsWith("WARC/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "json.gz", "csv", "warc", "warc.gz"})
  void objectWithFlippedBytesEndsInRowsAndDocuments(String format) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] whole = file(format);
    List<String> locations = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 + random.nextInt(255));
      String key = "flip/" + i + "." + format;
      s3.put(key, flipped);
      locations.add("s3://bucket/" + key);
    }

    Map<String, List<String>> found = read(format, locations, "flip-" + format);

    boolean hasChecksum = format.endsWith("gz"); // which finds every flip of a record
    found.forEach(
        (object, rows) ->
            assertThat(rows.contains("ERROR") || rows.size() >= (hasChecksum ? 2 : 1))
                .as("seed %s: %s has %s", seed, object, rows)
                .isTrue());
  }
}
