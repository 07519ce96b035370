// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of the session that reads or writes count, and those of no other. */
class SessionIT extends ConnectorFixture {
  private static final String ZONE = "spark.sql.session.timeZone";
  private static final String WITHOUT_OFFSET = "yyyy-MM-dd HH:mm:ss";
  private static final String INSTANT = "select 1 as id, timestamp'2026-01-02 03:04:05Z' as t";

  private static SparkSession session(String zone) {
    SparkSession session = spark.newSession();
    session.conf().set(ZONE, zone);
    return session;
  }

  private void write(SparkSession session, String format, SaveMode mode) {
    writer(session.sql(INSTANT), format, mode)
        .option("timestampFormat", WITHOUT_OFFSET)
        .save(output);
  }

  /** Seconds since 1970 of the rows. */
  private static long[] seconds(Dataset<Row> rows) {
    return rows.selectExpr("unix_seconds(t)").collectAsList().stream()
        .mapToLong(row -> row.getLong(0))
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json"})
  void instantWithoutOffsetIsReadInTheZoneThatWroteIt(String format) throws IOException {
    write(session("America/New_York"), format, SaveMode.Overwrite);
    write(session("Asia/Tokyo"), format, SaveMode.Append);

    SparkSession reader = session("Europe/Berlin");
    assertThat(seconds(reader.read().format("letsdata-s3").load(output)))
        .containsExactly(1767323045L, 1767323045L);
    assertThat(new ManifestLog(store, OutputLayout.of(output)).latest().orElseThrow().options())
        .containsEntry("timeZone", "America/New_York");
  }

  @Test
  void appendThatSetsAnotherZoneIsRefused() {
    write(session("America/New_York"), "csv", SaveMode.Overwrite);

    assertThatThrownBy(
            () ->
                writer(session("UTC").sql(INSTANT), "csv", SaveMode.Append)
                    .option("timestampFormat", WITHOUT_OFFSET)
                    .option("timeZone", "Asia/Tokyo")
                    .save(output))
        .hasMessageContaining(
            "option timeZone of its files is 'America/New_York', the job's is 'Asia/Tokyo'");
  }

  @Test
  void zoneOfTheReadersSessionCountsWhereNoManifestStatesOne() throws IOException {
    String key = OutputLayout.of(output).prefix() + "/list.csv";
    String unused =
        store.put(new ObjectLocation(BUCKET, key), ObjectContent.ofUtf8("1,2026-01-02 03:04:05\n"));
    SparkSession tokyo = session("Asia/Tokyo");

    Dataset<Row> rows =
        tokyo
            .read()
            .format("letsdata-s3")
            .option("manifest-text", "s3://" + BUCKET + "/" + key)
            .option("format", "csv")
            .option("timestampFormat", WITHOUT_OFFSET)
            .schema("id int, t timestamp")
            .load();

    assertThat(seconds(rows)).containsExactly(1767323045L - 9 * 3600);
  }

  @Test
  void rowLimitOfTheWritersSessionCounts() {
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.files.maxRecordsPerFile", "4");

    writer(session.range(0, 10, 1, 1).toDF(), "json", SaveMode.Append).save(output);

    assertThat(keys("data/")).hasSize(3);
  }

  @Test
  void threadWithoutActiveSessionReadsAndWrites() throws Exception {
    assertThat(
            inNewThread(
                () -> {
                  SparkSession.clearActiveSession();
                  SparkSession.clearDefaultSession();
                  writer(rows(0, 10, 2), "json", SaveMode.Append).save(output);
                  return load().count();
                }))
        .isEqualTo(10);
  }

  private static <T> T inNewThread(Callable<T> action) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      return thread.submit(action).get();
    } finally {
      thread.shutdown();
      SparkSession.setDefaultSession(spark);
    }
  }
}
