// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.warc.WarcFixture;
import io.letsdata.options.InvalidOptionException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged and missing input that a read may pass over, over HTTP. */
class IgnoredInputIT {
  private static LocalS3 s3;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LocalS3.start(folder);
    byte[] three =
        new WarcFixture()
            .conversion(1, "", "one")
            .conversion(2, "", "two")
            .conversion(3, "", "three")
            .gzip();
    s3.put("cut.warc.gz", Arrays.copyOf(three, three.length - 20));
    s3.put("whole.warc.gz", new WarcFixture().conversion(4, "", "four").gzip());
    s3.put(
        "big.warc.gz",
        new WarcFixture().conversion(5, "", "b".repeat(3_000_000)).conversion(6, "", "six").gzip());
    byte[] json = WarcFixture.gzip("{\"a\":1}\n".repeat(20_000).getBytes(UTF_8));
    s3.put("cut.json.gz", Arrays.copyOf(json, json.length / 2));
    s3.put("whole.json", "{\"a\":2}\n".getBytes(UTF_8));
  }

  @AfterAll
  static void stop() {
    s3.close();
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

  private static List<String> uris(Dataset<Row> data) {
    return data.collectAsList().stream().map(r -> r.<String>getAs("target_uri")).toList();
  }

  /** A metric of the scan, after {@code data} was collected. */
  private static long metric(Dataset<Row> data, String name) {
    BatchScanExec scan =
        (BatchScanExec) data.queryExecution().executedPlan().collectLeaves().head();
    return scan.metrics().apply(name).value();
  }

  @Test
  void cutRecordIsAnErrorThatTheModeTurnsIntoACount() {
    Dataset<Row> strict = reader("warc", "cut.warc.gz", "whole.warc.gz").load();
    assertThatThrownBy(strict::count)
        .hasMessageContaining("Cannot read s3://bucket/cut.warc.gz as warc")
        .hasMessageContaining("ends early");

    Dataset<Row> lenient =
        reader("warc", "cut.warc.gz", "whole.warc.gz").option("mode", "DROPMALFORMED").load();

    assertThat(uris(lenient))
        .containsExactly("https://example.org/1", "https://example.org/2", "https://example.org/4");
    assertThat(metric(lenient, "damagedPlacesLeftOut")).isEqualTo(1);
    assertThat(lenient.count()).isEqualTo(3);
    assertThat(lenient.selectExpr("count(text)").first().getLong(0)).isEqualTo(3);
  }

  @Test
  void corruptObjectIsReadUpToItsDamageWhenTheSessionOrTheReadSaysSo() {
    String schema = "a int";
    s3.spark().conf().set("spark.sql.files.ignoreCorruptFiles", "true");
    try {
      Dataset<Row> data = reader("warc", "cut.warc.gz", "whole.warc.gz").load();
      assertThat(uris(data)).contains("https://example.org/2", "https://example.org/4");
      assertThat(metric(data, "objectsLeftOut")).isEqualTo(1);
      assertThat(reader("json", "cut.json.gz", "whole.json").schema(schema).load().where("a = 2"))
          .satisfies(rows -> assertThat(rows.count()).isEqualTo(1));
      assertThatThrownBy(
              () ->
                  reader("json", "cut.json.gz")
                      .option("ignoreCorruptFiles", "false")
                      .schema(schema)
                      .load()
                      .count())
          .hasMessageContaining("Cannot read s3://bucket/cut.json.gz as json");
    } finally {
      s3.spark().conf().unset("spark.sql.files.ignoreCorruptFiles");
    }
    assertThat(
            reader("json", "cut.json.gz", "whole.json")
                .option("ignoreCorruptFiles", "true")
                .schema(schema)
                .load()
                .where("a = 2")
                .count())
        .isEqualTo(1);
  }

  @Test
  void missingObjectIsPassedOverOnlyWhenMissingFilesAreIgnored() {
    DataFrameReader corrupt =
        reader("json", "none.json", "whole.json").option("ignoreCorruptFiles", "true");
    assertThatThrownBy(() -> corrupt.schema("a int").load().count())
        .hasMessageContaining("Cannot read s3://bucket/none.json");

    Dataset<Row> data =
        reader("json", "none.json", "whole.json")
            .option("ignoreMissingFiles", "true")
            .schema("a int")
            .load();

    assertThat(data.collectAsList()).hasSize(1);
    assertThat(metric(data, "objectsLeftOut")).isEqualTo(1);
    assertThat(reader("warc", "none").option("ignoreMissingFiles", "true").load().count()).isZero();
  }

  @Test
  void refusalOfTheStoreIsNeverPassedOver() {
    assertThatThrownBy(
            () ->
                s3.spark()
                    .read()
                    .format("letsdata-s3")
                    .option("manifest-text", "s3://no-such-bucket/x")
                    .option("format", "text")
                    .option("ignoreCorruptFiles", "true")
                    .option("ignoreMissingFiles", "true")
                    .load()
                    .count())
        .hasMessageContaining("no-such-bucket");
  }

  @Test
  void blockOfARecordThatAFilterRemovesIsNotLoaded() {
    Dataset<Row> data = reader("warc", "big.warc.gz").option("max-record-bytes", "1m").load();

    Dataset<Row> six =
        data.where("target_uri like '%/6' and warc_type = 'conversion'").select("text");

    assertThat(six.queryExecution().executedPlan().toString())
        .contains("pushed filters: [")
        .contains("StringEndsWith(target_uri,/6)");
    assertThat(six.collectAsList()).extracting(r -> r.getString(0)).containsExactly("six");
    assertThat(data.where("content_length < 10 and text = 'six'").count()).isEqualTo(1);
    assertThatThrownBy(() -> data.select("text").collectAsList())
        .hasMessageContaining("Cannot read s3://bucket/big.warc.gz as warc")
        .hasMessageContaining("'max-record-bytes' is 1048576");
    assertThat(data.count()).isEqualTo(2);
  }

  @Test
  void unknownModeIsRefused() {
    assertThatThrownBy(
            () -> reader("warc", "whole.warc.gz").option("mode", "lenient").load().count())
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("failfast, permissive or dropmalformed");
  }
}
