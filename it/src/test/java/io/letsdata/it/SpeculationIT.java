// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.letsdata.local.admin.Fault;
import io.letsdata.local.admin.Fault.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Copies of slow tasks: one result counts, and no copy is started again and again. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SpeculationIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final List<Long> ROWS = LongStream.range(0, 400).boxed().toList();
  private static SparkSession spark =
      LambdaStack.session(
          STACK
              .lambdaConf()
              .set("spark.speculation", "true")
              .set("spark.speculation.quantile", "0.5")
              .set("spark.speculation.multiplier", "1.5"));

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Dataset<Long> numbers() {
    return spark.range(0, 400, 1, 4).as(Encoders.LONG());
  }

  private static String output() {
    return STACK.bucket() + "/speculation/" + UUID.randomUUID();
  }

  @Test
  void copyOfAStragglerWinsThroughTheConnector() throws IOException {
    String out = "s3://" + output();
    int before = STACK.admin().invocations().size();

    numbers()
        .mapPartitions(FaultTasks.straggler(3, 50_000), Encoders.LONG())
        .write()
        .format("letsdata-s3")
        .option("format", "parquet")
        .mode("append")
        .save(out);

    assertThat(spark.read().format("letsdata-s3").load(out).as(Encoders.LONG()).collectAsList())
        .containsExactlyInAnyOrderElementsOf(ROWS);
    // The straggler is told to end and may still do so.
    assertThat(STACK.admin().invocations().size() - before).isBetween(4, 10);
  }

  @Test
  void copyOfAStragglerWinsThroughTheShuffle() throws IOException {
    int before = STACK.admin().invocations().size();

    List<Long> rows =
        numbers()
            .mapPartitions(FaultTasks.straggler(3, 50_000), Encoders.LONG())
            .repartition(2)
            .collectAsList();

    assertThat(rows).containsExactlyInAnyOrderElementsOf(ROWS);
    // Four maps and a copy, two reduce tasks; a task that is late for other reasons gets one too.
    assertThat(STACK.admin().invocations().size() - before).isBetween(6, 14);
  }

  @Test
  void copyWaitsForTheHolderOfTheCommitRightAndIsNotDeniedInALoop() throws IOException {
    String out = "s3a://" + output();
    await().atMost(Duration.ofSeconds(40)).until(() -> STACK.busyWorkers() == 0);
    // Committed, and its answer comes late: a copy is started, and its commit is denied.
    STACK.admin().plan(Fault.next(Kind.DELAY_ANSWER).matching("\"partition\":3,").millis(8_000));
    int before = STACK.admin().invocations().size();

    numbers().write().parquet(out);
    int invocations = STACK.admin().invocations().size() - before;

    assertThat(invocations).isEqualTo(5);
    assertThat(spark.read().parquet(out).as(Encoders.LONG()).collectAsList())
        .containsExactlyInAnyOrderElementsOf(ROWS);
  }
}
