// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.input_file_name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.warc.WarcFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarcReadIT {
  private static LocalS3 s3;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LocalS3.start(folder);
    s3.put(
        "wet/0.warc.wet.gz",
        new WarcFixture()
            .warcinfo()
            .conversion(1, "eng", "one\n")
            .conversion(2, "jpn,eng", "二")
            .gzip());
    s3.put(
        "wet/1.warc.wet", new WarcFixture().warcinfo().conversion(3, "", "three\r\n\r\n").plain());
    s3.put(
        "warc/0.warc.gz",
        new WarcFixture().response("HTTP/1.1 404 Not Found\r\nA: b\r\n\r\nbody").gzip());
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static Dataset<Row> read(String list) {
    return s3.spark()
        .read()
        .format("letsdata-s3")
        .option("manifestText", list)
        .option("bucket", LocalS3.BUCKET)
        .option("format", "warc")
        .load();
  }

  @Test
  void recordIsARowWithTypedColumns() {
    Row row =
        read("wet/0.warc.wet.gz").where("warc_type = 'conversion' and text like 'one%'").first();

    assertThat(row.<String>getAs("target_uri")).isEqualTo("https://example.org/1");
    assertThat(row.<Timestamp>getAs("warc_date").toInstant())
        .isEqualTo(Instant.parse("2023-11-28T09:00:01Z"));
    assertThat(row.<String>getAs("record_id"))
        .isEqualTo("<urn:uuid:00000000-0000-0000-0001-000000000001>");
    assertThat(row.<String>getAs("refers_to"))
        .isEqualTo("<urn:uuid:00000000-0000-0000-0002-000000000001>");
    assertThat(row.<String>getAs("block_digest")).isEqualTo("sha1:AAAA");
    assertThat(row.<String>getAs("payload_digest")).isNull();
    assertThat(row.<String>getAs("content_type")).isEqualTo("text/plain");
    assertThat(row.<Long>getAs("content_length")).isEqualTo(4);
    assertThat(row.<Integer>getAs("http_status")).isNull();
    assertThat(row.<byte[]>getAs("content")).isEqualTo("one\n".getBytes(StandardCharsets.UTF_8));
    assertThat(row.getJavaMap(row.fieldIndex("headers")))
        .containsEntry("WARC-Identified-Content-Language", "eng");
  }

  @Test
  void languagesAreAListOrAbsent() {
    List<Row> rows =
        read("wet/0.warc.wet.gz\nwet/1.warc.wet")
            .where("warc_type = 'conversion'")
            .select(array_join(col("identified_languages"), "+"), col("text"))
            .collectAsList();

    assertThat(rows)
        .extracting(Row::mkString)
        .containsExactlyInAnyOrder("engone\n", "jpn+eng二", "nullthree\r\n\r\n");
  }

  @Test
  void responseHasItsStatusAndKeepsRepeatedHeaders() {
    Row row = read("warc/0.warc.gz").first();

    assertThat(row.<Integer>getAs("http_status")).isEqualTo(404);
    assertThat(row.<String>getAs("target_uri")).isEqualTo("https://example.org/");
    assertThat(row.<Timestamp>getAs("warc_date")).isNull();
    assertThat(row.<String>getAs("text")).isNull();
    assertThat(row.getJavaMap(row.fieldIndex("headers")))
        .containsEntry("WARC-Concurrent-To", "<urn:a>, <urn:b>");
  }

  @Test
  void eachObjectIsOnePartitionAndOneGet() {
    Dataset<Row> data = read("wet/0.warc.wet.gz\nwet/1.warc.wet\nwarc/0.warc.gz");
    s3.countFromHere();

    assertThat(data.rdd().getNumPartitions()).isEqualTo(3);
    assertThat(data.count()).isEqualTo(6);

    assertThat(s3.counted().get()).isEqualTo(3);
    assertThat(s3.counted().requests()).isEqualTo(3);
  }

  @Test
  void inputFileNameIsTheObject() {
    assertThat(
            read("wet/1.warc.wet\nwarc/0.warc.gz")
                .select(input_file_name())
                .distinct()
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("s3://bucket/wet/1.warc.wet", "s3://bucket/warc/0.warc.gz");
  }

  @Test
  void onlyRequiredColumnsAreRead() {
    Dataset<Row> data = read("wet/0.warc.wet.gz").where("content_length > 0").select("warc_type");

    assertThat(data.queryExecution().executedPlan().toString())
        .contains("format: warc, columns: warc_type, content_length");
  }

  @Test
  void messageForTruncatedObjectHasItsNameAndByte() throws Exception {
    byte[] whole = new WarcFixture().warcinfo().conversion(1, "eng", "one\n").gzip();
    s3.put("bad/cut.warc.wet.gz", Arrays.copyOf(whole, whole.length - 5));
    int second = new WarcFixture().warcinfo().gzip().length;

    assertThatThrownBy(() -> read("bad/cut.warc.wet.gz").count())
        .hasMessageContaining("Cannot read s3://bucket/bad/cut.warc.wet.gz as warc")
        .hasMessageContaining(
            "the gzip member that begins at byte %d ends early, at byte %d",
            second, whole.length - 5);
  }

  @Test
  void emptyManifestHasASchemaAndNoPartition() {
    Dataset<Row> data = read("# nothing today\n");

    assertThat(data.rdd().getNumPartitions()).isZero();
    assertThat(data.columns()).contains("target_uri", "text");
    assertThat(data.count()).isZero();
  }

  @Test
  void userSchemaMustHaveColumnsOfTheFormat() {
    assertThat(
            s3.spark()
                .read()
                .format("letsdata")
                .schema("text string, offset bigint")
                .option("manifest-text", "s3://bucket/wet/1.warc.wet")
                .option("format", "WARC")
                .load()
                .count())
        .isEqualTo(2);
    assertThatThrownBy(
            () ->
                s3.spark()
                    .read()
                    .format("letsdata")
                    .schema("txt string")
                    .option("manifest-text", "s3://bucket/wet/1.warc.wet")
                    .option("format", "warc")
                    .load()
                    .count())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot read format warc with column txt STRING: its columns are warc_type");
  }

  @Test
  void responseHasItsHeadersPayloadAndText() throws Exception {
    s3.put(
        "http/0.warc",
        new WarcFixture()
            .response(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<p>h\r\n5\r\ni</p>\r\n0\r\n\r\n")
            .response("HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n\r\n\u0001\u0002")
            .plain());

    List<Row> rows =
        read("http/0.warc")
            .selectExpr("text", "http_headers['Content-Type']", "hex(payload)")
            .collectAsList();

    assertThat(rows.get(0)).hasToString("[<p>hi</p>,text/html,3C703E68693C2F703E]");
    assertThat(rows.get(1)).hasToString("[null,null,0102]");
  }

  @Test
  void namesOfStandardHeadersAreThoseOfTheStandard() throws Exception {
    s3.put(
        "case/0.warc",
        new WarcFixture()
            .record("hello", "Warc-Type: resource", "warc-record-id: <urn:a>", "X-Own: b")
            .plain());

    Row row =
        read("case/0.warc").selectExpr("headers['WARC-Record-ID']", "headers['X-Own']").first();

    assertThat(row).hasToString("[<urn:a>,b]");
  }

  @Test
  void textIsDecodedFromTheDeclaredCharset() throws Exception {
    byte[] record =
        "WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/plain; charset=ISO-8859-1\r\nContent-Length: 4\r\n\r\ncaf\u00e9\r\n\r\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    s3.put("latin/0.warc", record);

    assertThat(read("latin/0.warc").select("text").first().getString(0)).isEqualTo("café");
  }
}
