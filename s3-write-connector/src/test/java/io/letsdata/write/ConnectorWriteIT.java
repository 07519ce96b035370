// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.util.QueryExecutionListener;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real Spark writes to a real S3 server process; {@code load(output)} reads what was committed, and
 * only that.
 */
class ConnectorWriteIT extends ConnectorFixture {
  static Stream<Arguments> everyFormat() {
    return Stream.of(
        Arguments.of("json", Map.of("compression", "gzip"), ".json.gz"),
        Arguments.of("csv", Map.of("header", "true", "sep", ";"), ".csv"),
        Arguments.of("csv", Map.of("codec", "gzip"), ".csv.gz"),
        Arguments.of("parquet", Map.of(), ".snappy.parquet"),
        Arguments.of("orc", Map.of(), ".snappy.orc"),
        Arguments.of("orc", Map.of("compression", "zstd"), ".zstd.orc"),
        Arguments.of("avro", Map.of("compression", "deflate"), ".avro"),
        Arguments.of("parquet", Map.of("compression", "zstd"), ".zstd.parquet"));
  }

  @ParameterizedTest
  @MethodSource
  void everyFormat(String format, Map<String, String> options, String extension) {
    Dataset<Row> data = rows(0, 100, 3);
    writer(data, format, SaveMode.Append).options(options).save(output);

    assertThat(load().schema()).isEqualTo(data.schema().asNullable());
    assertThat(sorted(load())).isEqualTo(sorted(data));
    assertThat(keys("data/")).hasSize(3).allMatch(key -> key.endsWith(extension));
  }

  @Test
  void textIsWrittenAndReadByLine() {
    Dataset<Row> data = spark.range(10).selectExpr("concat('line ', id) as value").coalesce(1);
    writer(data, "text", SaveMode.Overwrite).option("compression", "gzip").save(output);

    assertThat(load().collectAsList()).isEqualTo(data.collectAsList());
  }

  @Test
  void orderOfPartitionsAndRowsIsKept() {
    writer(rows(0, 1000, 7), "parquet", SaveMode.Append).save(output);

    assertThat(load().select("id").as(Encoders.LONG()).collectAsList()).isSorted().hasSize(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "parquet", "orc", "avro"})
  void outputWithoutRowsIsReadableWithItsSchema(String format) {
    Dataset<Row> data = rows(0, 0, 2);
    writer(data, format, SaveMode.Overwrite).save(output);

    assertThat(load().schema()).isEqualTo(data.schema().asNullable());
    assertThat(load().collectAsList()).isEmpty();
    assertThat(keys("data/")).isEmpty();
  }

  @Test
  void emptyPartitionsStoreNoObject() {
    writer(rows(0, 40, 4).where("id < 10"), "csv", SaveMode.Append).save(output);

    assertThat(keys("data/")).hasSize(1);
    assertThat(load().count()).isEqualTo(10);
  }

  @Test
  void appendAddsAndOverwriteReplaces() {
    writer(rows(0, 10, 2), "json", SaveMode.Append).save(output);
    writer(rows(10, 20, 2), "json", SaveMode.Append).save(output);
    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 20, 1)));

    writer(rows(50, 60, 2), "parquet", SaveMode.Overwrite).save(output);
    assertThat(sorted(load())).isEqualTo(sorted(rows(50, 60, 1)));
  }

  @Test
  void existingOutputIsNotTouchedByErrorIfExistsAndIgnore() {
    writer(rows(0, 10, 2), "json", SaveMode.ErrorIfExists).save(output);

    assertThatThrownBy(() -> writer(rows(10, 20, 2), "json", SaveMode.ErrorIfExists).save(output))
        .hasMessageContaining(output);
    writer(rows(10, 20, 2), "json", SaveMode.Ignore).save(output);

    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 10, 1)));
    assertThat(keys("data/")).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(SaveMode.class)
  void oneWriteIsOneEventForQueryListeners(SaveMode mode) throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    QueryExecutionListener listener =
        new QueryExecutionListener() {
          @Override
          public void onSuccess(String name, QueryExecution query, long nanos) {
            events.add(name);
          }

          @Override
          public void onFailure(String name, QueryExecution query, Exception failure) {
            events.add("failed " + name);
          }
        };
    spark.listenerManager().register(listener);
    try {
      writer(rows(0, 10, 2), "json", mode).save(output);
      assertThat(events.poll(1, TimeUnit.MINUTES)).isEqualTo("command");

      long rows = load().count();

      // Events come in order, so a second one of the write would be here before that of the count.
      assertThat(events.poll(1, TimeUnit.MINUTES)).isEqualTo("count");
      assertThat(rows).isEqualTo(10);
    } finally {
      spark.listenerManager().unregister(listener);
    }
  }

  @Test
  void appendOfOtherColumnsIsRefusedBeforeAnyTaskRuns() {
    writer(rows(0, 10, 2), "parquet", SaveMode.Append).save(output);
    RequestCounts before = RequestMeter.PROCESS.counts();

    assertThatThrownBy(
            () ->
                writer(rows(0, 10, 2).withColumnRenamed("name", "nom"), "parquet", SaveMode.Append)
                    .save(output))
        .hasMessageContaining("Cannot append to " + output)
        .hasMessageContaining("name string")
        .hasMessageContaining("nom string");
    assertThat(RequestMeter.PROCESS.counts().minus(before).put()).isZero();
  }

  @Test
  void appendOfAnotherFormatIsRejected() {
    writer(rows(0, 10, 2), "parquet", SaveMode.Append).save(output);

    assertThatThrownBy(() -> writer(rows(0, 10, 2), "csv", SaveMode.Append).save(output))
        .hasMessageContaining("its files are parquet, the job's are csv");
  }

  @Test
  void eightTasksAreEightPutsAndOneManifest() {
    RequestCounts before = RequestMeter.PROCESS.counts();

    writer(rows(0, 800, 8), "parquet", SaveMode.Overwrite).save(output);

    RequestCounts cost = RequestMeter.PROCESS.counts().minus(before);
    assertThat(cost.put()).isEqualTo(9);
    assertThat(cost.list()).isEqualTo(1);
    assertThat(cost.head() + cost.get() + cost.delete() + cost.post()).isZero();
  }

  @Test
  void tasksCountTheirBytesAndRows() throws Exception {
    // The events of earlier jobs would be counted, too.
    spark.sparkContext().listenerBus().waitUntilEmpty(Duration.ofMinutes(5).toMillis());
    AtomicLong rows = new AtomicLong();
    AtomicLong bytes = new AtomicLong();
    CountDownLatch ended = new CountDownLatch(2);
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            rows.addAndGet(end.taskMetrics().outputMetrics().recordsWritten());
            bytes.addAndGet(end.taskMetrics().outputMetrics().bytesWritten());
            ended.countDown();
          }
        };
    spark.sparkContext().addSparkListener(listener);
    try {
      writer(rows(0, 10, 2), "json", SaveMode.Append).save(output);
      Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> ended.getCount() == 0);
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }

    assertThat(rows).hasValue(10);
    assertThat(bytes).hasPositiveValue();
  }

  @Test
  void missingBucketIsNamed() {
    assertThatThrownBy(
            () -> writer(rows(0, 1, 1), "json", SaveMode.Append).save("s3://no-such-bucket/out"))
        .hasMessageContaining("no-such-bucket");
  }

  @Test
  void appendCostsOneMoreReadOfTheManifest() {
    writer(rows(0, 800, 8), "parquet", SaveMode.Append).save(output);
    RequestCounts before = RequestMeter.PROCESS.counts();

    writer(rows(800, 1600, 8), "parquet", SaveMode.Append).save(output);

    RequestCounts cost = RequestMeter.PROCESS.counts().minus(before);
    assertThat(cost.put()).isEqualTo(9);
    assertThat(cost.requests()).isLessThanOrEqualTo(12);
  }

  @Test
  void rowLimitSplitsTheObjectsOfATask() {
    writer(rows(0, 10, 1), "json", SaveMode.Append).option("maxRecordsPerFile", "4").save(output);

    assertThat(keys("data/")).hasSize(3);
    assertThat(load().count()).isEqualTo(10);
  }

  @Test
  void unknownOptionNamesTheNearest() {
    assertThatThrownBy(
            () ->
                writer(rows(0, 1, 1), "json", SaveMode.Append)
                    .option("compresion", "gzip")
                    .save(output))
        .hasMessageContaining("compresion")
        .hasMessageContaining("did you mean 'compression'?");
  }

  @Test
  void missingFormatIsNamed() {
    assertThatThrownBy(
            () -> rows(0, 1, 1).write().format("letsdata-s3").mode("append").save(output))
        .hasMessageContaining("option format is missing");
  }

  @Test
  void partitionByIsRejected() {
    assertThatThrownBy(
            () -> writer(rows(0, 1, 1), "json", SaveMode.Append).partitionBy("day").save(output))
        .hasMessageContaining("partition");
  }
}
