// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.StoreAccess;
import io.letsdata.shuffle.spark.state.StoredStateProvider;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Structured Streaming with checkpoint, state and output in the store. */
@Tag("programs")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@StoreAccess(data = "streams")
final class StreamingIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final String PROVIDER = "spark.sql.streaming.stateStore.providerClass";
  private static final SparkSession SPARK =
      LambdaStack.session(
          STACK
              .lambdaConf()
              .set("spark.sql.shuffle.partitions", "2")
              .set("spark.sql.streaming.stateStore.minDeltasForSnapshot", "2")
              .set("spark.sql.streaming.minBatchesToRetain", "2"));

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  private static String s3a(String path) {
    return "s3a://" + STACK.bucket() + "/streams/" + path;
  }

  private static void put(String input, int file, String text) throws IOException {
    STACK
        .store()
        .put(
            new ObjectLocation(STACK.bucket(), "streams/" + input + "/in/" + file + ".txt"),
            ObjectContent.ofUtf8(text));
  }

  private static Dataset<Row> lines(String input) {
    return SPARK.readStream().option("maxFilesPerTrigger", "1").text(s3a(input + "/in"));
  }

  private static List<String> namesBelow(String path) throws IOException {
    Path folder = new Path(s3a(path));
    var fs = folder.getFileSystem(SPARK.sparkContext().hadoopConfiguration());
    List<String> names = new ArrayList<>();
    for (var status : fs.listStatus(folder)) {
      names.add(status.getPath().getName());
    }
    return names;
  }

  @Test
  void stateSurvivesRestartsAndIsSnapshotted() throws Exception {
    for (int file = 0; file < 4; file++) {
      put("counts", file, "a\nb\na\n");
    }
    List<Row> last = new ArrayList<>();

    runCounts(last);
    assertThat(last).extracting(r -> r.getString(0) + r.getLong(1)).containsExactly("a8", "b4");

    put("counts", 4, "a\nc\n");
    put("counts", 5, "c\n");
    runCounts(last);
    assertThat(last)
        .extracting(r -> r.getString(0) + r.getLong(1))
        .containsExactly("a9", "b4", "c2");
    // Spark leaves snapshots to a thread that never runs in a frozen environment.
    assertThat(namesBelow("counts/checkpoint/state/0/0"))
        .contains("3.snapshot", "6.snapshot", "6.delta")
        .doesNotContain("1.delta");
    assertThat(SPARK.conf().get(PROVIDER)).isEqualTo(StoredStateProvider.class.getName());
  }

  private static void runCounts(List<Row> last) throws Exception {
    StreamingQuery query =
        lines("counts")
            .groupBy("value")
            .count()
            .writeStream()
            .outputMode("complete")
            .option("checkpointLocation", s3a("counts/checkpoint"))
            .trigger(Trigger.AvailableNow())
            .foreachBatch(
                (rows, batch) -> {
                  last.clear();
                  last.addAll(rows.orderBy("value").collectAsList());
                })
            .start();
    query.awaitTermination();
  }

  @Test
  void fileSinkWritesEachRowOnceThroughARestart() throws Exception {
    put("unique", 0, "x\ny\nx\n");
    put("unique", 1, "y\nz\n");
    runUnique();
    put("unique", 2, "z\nx\nw\n");

    runUnique();

    assertThat(SPARK.read().parquet(s3a("unique/out")).collectAsList())
        .extracting(r -> r.getString(0))
        .containsExactlyInAnyOrder("w", "x", "y", "z");
  }

  private static void runUnique() throws Exception {
    lines("unique")
        .dropDuplicates("value")
        .writeStream()
        .format("parquet")
        .option("path", s3a("unique/out"))
        .option("checkpointLocation", s3a("unique/checkpoint"))
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
  }

  @Test
  void memorySinkHoldsTheRows() throws Exception {
    put("memory", 0, "p\nq\n");

    lines("memory")
        .writeStream()
        .format("memory")
        .queryName("kept")
        .trigger(Trigger.AvailableNow())
        .option("checkpointLocation", s3a("memory/checkpoint"))
        .start()
        .awaitTermination();

    assertThat(SPARK.table("kept").count()).isEqualTo(2);
  }

  @Test
  @ExpectedErrors({
    "^WriteToDataSourceV2Exec: Data source write support MicroBatchWrite",
    "^MicroBatchExecution: Query .* terminated with error"
  })
  void stateInRocksDbIsRefusedByName() throws Exception {
    put("rocks", 0, "a\n");
    SPARK
        .conf()
        .set(PROVIDER, "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider");
    try {
      assertThatThrownBy(
              () ->
                  lines("rocks")
                      .groupBy("value")
                      .count()
                      .writeStream()
                      .format("noop")
                      .outputMode("complete")
                      .option("checkpointLocation", s3a("rocks/checkpoint"))
                      .trigger(Trigger.AvailableNow())
                      .start()
                      .awaitTermination())
          .hasStackTraceContaining("its state is in RocksDB")
          .hasStackTraceContaining(StoredStateProvider.class.getName());
    } finally {
      SPARK.conf().set(PROVIDER, StoredStateProvider.class.getName());
    }
  }
}
