// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.StoreAccess;
import io.letsdata.it.tasks.FaultTasks;
import io.letsdata.local.admin.Fault;
import io.letsdata.local.admin.Fault.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Copies of slow tasks: one result counts, and no copy is started again and again. */
@Tag("programs")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@StoreAccess(data = "speculation")
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

  /** A file for each invocation so far. */
  private static Set<Path> payloads() throws IOException {
    try (Stream<Path> files = Files.walk(STACK.payloads())) {
      return files.filter(Files::isRegularFile).collect(Collectors.toCollection(HashSet::new));
    }
  }

  @Test
  void copyOfAStragglerWinsThroughTheConnector() throws IOException {
    String out = "s3://" + output();
    STACK.awaitIdle();
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
    // Four tasks write and as many read, each with one copy at most, and no more.
    STACK.awaitIdle();
    assertThat(STACK.admin().invocations().size() - before).isBetween(4, 2 * (4 + 4));
  }

  @Test
  void copyOfAStragglerWinsThroughTheShuffle() throws IOException {
    STACK.awaitIdle();
    int before = STACK.admin().invocations().size();

    List<Long> rows =
        numbers()
            .mapPartitions(FaultTasks.straggler(3, 50_000), Encoders.LONG())
            .repartition(2)
            .collectAsList();

    assertThat(rows).containsExactlyInAnyOrderElementsOf(ROWS);
    // Four maps, one with a copy, and two reduce tasks; each has one copy at most.
    STACK.awaitIdle();
    assertThat(STACK.admin().invocations().size() - before).isBetween(6, 2 * (4 + 2));
  }

  @Test
  void copyWaitsForTheHolderOfTheCommitRightAndIsNotDeniedInALoop() throws IOException {
    String out = "s3a://" + output();
    String partition = "\"partition\":3,";
    // Committed, and its answer comes late: a copy is started, and its commit is denied.
    STACK.admin().plan(Fault.next(Kind.DELAY_ANSWER).matching(partition).millis(15_000));
    Set<Path> before = payloads();

    numbers().write().parquet(out);

    Set<Path> sent = payloads();
    sent.removeAll(before);
    int runs = 0;
    for (Path payload : sent) {
      runs += Files.readString(payload).contains(partition) ? 1 : 0;
    }
    assertThat(runs).isEqualTo(2);
    assertThat(spark.read().parquet(out).as(Encoders.LONG()).collectAsList())
        .containsExactlyInAnyOrderElementsOf(ROWS);
  }
}
