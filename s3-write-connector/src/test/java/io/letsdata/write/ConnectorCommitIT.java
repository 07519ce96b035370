// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is committed is seen, all at once, and nothing else, on a real S3 server. */
class ConnectorCommitIT extends ConnectorFixture {
  @Test
  void unnamedObjectAmongTheDataIsNotRead() throws IOException {
    writer(rows(0, 10, 2), "json", SaveMode.Append).save(output);

    OutputLayout layout = OutputLayout.of(output);
    store.put(
        new ObjectLocation(BUCKET, layout.dataKey(0, 0, "zombie", "json")),
        ObjectContent.ofUtf8("{\"id\":666}\n"));

    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 10, 1)));
  }

  private static final class Gate {
    static volatile CountDownLatch open = new CountDownLatch(0);
    static final AtomicInteger FAILURES = new AtomicInteger();
  }

  @Test
  void noVersionIsVisibleBeforeTheCommit() throws Exception {
    writer(rows(0, 10, 2), "json", SaveMode.Append).save(output);
    CountDownLatch gate = new CountDownLatch(1);
    Gate.open = gate;
    Dataset<Row> slow =
        spark
            .range(10, 20, 1, 2)
            .map(
                (MapFunction<Long, Long>)
                    id -> {
                      if (id == 19) {
                        Gate.open.await();
                      }
                      return id;
                    },
                Encoders.LONG())
            .selectExpr(
                "value as id",
                "concat('n', value) as name",
                "cast(value as decimal(12,2)) as price",
                "date'2026-01-02' as day");
    ExecutorService threads = Executors.newSingleThreadExecutor();

    Future<?> write = threads.submit(() -> writer(slow, "json", SaveMode.Append).save(output));
    Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> keys("data/").size() == 3);
    try {
      List<Row> meanwhile =
          spark.read().format("letsdata-s3").load(output).coalesce(1).collectAsList();
      assertThat(meanwhile).hasSize(10);
    } finally {
      gate.countDown();
    }
    write.get(5, TimeUnit.MINUTES);
    threads.shutdown();

    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 20, 1)));
  }

  @Test
  void failedAttemptLeavesNoObject() {
    Gate.FAILURES.set(1);
    writer(failing(), "json", SaveMode.Append).save(output);

    assertThat(load().count()).isEqualTo(10);
    assertThat(keys("data/")).hasSize(2);
  }

  @Test
  void failedJobPublishesNothingAndDeletesItsObjects() {
    Gate.FAILURES.set(3);
    CountDownLatch otherTaskEnded = new CountDownLatch(1);
    Gate.open = otherTaskEnded;
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.reason() == org.apache.spark.Success$.MODULE$) {
              otherTaskEnded.countDown();
            }
          }
        };
    spark.sparkContext().addSparkListener(listener);

    try {
      assertThatThrownBy(() -> writer(failing(), "json", SaveMode.Append).save(output))
          .hasStackTraceContaining("planted");
    } finally {
      spark.sparkContext().removeSparkListener(listener);
      Gate.open = new CountDownLatch(0);
    }

    assertThat(keys("")).isEmpty();
  }

  /**
   * Ten rows in two partitions; the second fails at its last row as often as {@link Gate#FAILURES}
   * says.
   */
  private static Dataset<Row> failing() {
    return spark
        .range(0, 10, 1, 2)
        .map(
            (MapFunction<Long, Long>)
                id -> {
                  if (id == 9 && TaskContext.get().attemptNumber() < Gate.FAILURES.get()) {
                    Gate.open.await();
                    throw new IllegalStateException("planted");
                  }
                  return id;
                },
            Encoders.LONG())
        .selectExpr("value as id");
  }

  @Test
  void concurrentAppendsAreAllPresent() throws Exception {
    int writers = 6;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      long from = i * 10L;
      running.add(
          threads.submit(
              () -> writer(rows(from, from + 10, 2), "parquet", SaveMode.Append).save(output)));
    }
    for (Future<?> write : running) {
      write.get(10, TimeUnit.MINUTES);
    }
    threads.shutdown();

    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 60, 1)));
    Snapshot latest = new ManifestLog(store, OutputLayout.of(output)).latest().orElseThrow();
    assertThat(latest.version()).isEqualTo(writers);
    assertThat(ManifestEntry.totalRows(latest.files())).hasValue(60);
  }

  @Test
  void plainLayoutIsReadByToolsThatList() throws IOException {
    Dataset<Row> data = rows(0, 30, 3);
    writer(data, "json", SaveMode.Append)
        .option("layout", "plain")
        .option("compression", "gzip")
        .save(output);
    writer(rows(30, 40, 1), "json", SaveMode.Append)
        .option("layout", "plain")
        .option("compression", "gzip")
        .save(output);

    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 40, 1)));
    List<String> listed = keys("part-");
    assertThat(listed).hasSize(4).allMatch(key -> key.endsWith(".json.gz"));
    assertThat(keys("")).hasSize(listed.size() + 2);

    writer(rows(50, 60, 1), "json", SaveMode.Overwrite).option("layout", "plain").save(output);

    assertThat(keys("part-")).hasSize(1);
    assertThat(sorted(load())).isEqualTo(sorted(rows(50, 60, 1)));
  }
}
