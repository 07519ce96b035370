// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.StoreAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that tasks would leave on the disk of their worker, which ends with it. */
@Tag("programs")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@ExpectedErrors({
  "^FileFormatWriter: Aborting job",
  "^SparkHadoopWriter: Aborting job",
  "^MicroBatchExecution: Query .* terminated with error",
  "^WriteToDataSourceV2Exec: Data source write support MicroBatchWrite"
})
@StoreAccess(data = "local-files")
final class LocalFilesIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final SparkSession SPARK = LambdaStack.session(STACK.lambdaConf());

  @TempDir Path folder = Path.of("");

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  private static Dataset<Row> numbers() {
    return SPARK.readStream().format("rate-micro-batch").option("rowsPerBatch", 10).load();
  }

  private static String s3a(String key) {
    return "s3a://" + STACK.bucket() + "/local-files/" + key;
  }

  /** Runs a query until it fails. */
  private static void run(DataStreamWriter<Row> writer, String checkpoint) throws Exception {
    var query = writer.option("checkpointLocation", checkpoint).start();
    try {
      assertThat(query.awaitTermination(TimeUnit.MINUTES.toMillis(2))).isTrue();
    } finally {
      query.stop();
    }
  }

  @Test
  void streamToLocalFilesIsRefusedHoweverTheirFolderIsWritten() {
    for (String target :
        List.of(
            folder.resolve("with scheme").toUri().toString(),
            folder.resolve("without").toString(),
            "target/relative" + System.nanoTime())) {
      assertThatThrownBy(
              () ->
                  run(
                      numbers().writeStream().format("json").option("path", target),
                      s3a("stream" + target.hashCode())))
          .hasStackTraceContaining("Cannot write to ")
          .hasStackTraceContaining("a worker's own disk ends with it. Write to s3a://");
    }
  }

  @Test
  void batchToLocalFilesIsRefusedHoweverTheirFolderIsWritten() {
    for (String target :
        List.of(
            folder.resolve("with scheme").toUri().toString(),
            folder.resolve("without").toString(),
            "target/relative" + System.nanoTime())) {
      assertThatThrownBy(() -> SPARK.range(10).write().json(target))
          .hasStackTraceContaining("a worker's own disk ends with it. Write to s3a://");
      assertThatThrownBy(() -> SPARK.range(10).javaRDD().saveAsTextFile(target + "-of-rdd"))
          .hasStackTraceContaining("a worker's own disk ends with it. Write to s3a://");
    }
  }

  @Test
  void stateInLocalFilesIsRefused() {
    Dataset<Row> counts = numbers().groupBy("value").count();

    assertThatThrownBy(
            () ->
                run(
                    counts.writeStream().format("noop").outputMode("complete"),
                    folder.resolve("counts").toString()))
        .hasStackTraceContaining("Cannot keep the state of a stream in file:")
        .hasStackTraceContaining("Set checkpointLocation to s3a://");
  }

  @Test
  void stateOfAJoinInLocalFilesIsRefused() {
    Dataset<Row> joined = numbers().join(numbers(), "value");

    assertThatThrownBy(
            () -> run(joined.writeStream().format("noop"), folder.resolve("join").toString()))
        .hasStackTraceContaining("Cannot keep the state of a stream in file:");
  }

  @Test
  void checkpointInLocalFilesIsRefused() {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(SPARK.sparkContext());
    context.setCheckpointDir(folder.resolve("checkpoints").toString());
    JavaRDD<Integer> rdd = context.parallelize(List.of(1, 2), 2);
    rdd.checkpoint();

    assertThatThrownBy(rdd::count)
        .hasStackTraceContaining("Cannot write a checkpoint to file:")
        .hasStackTraceContaining("Call setCheckpointDir with s3a://");
  }
}
