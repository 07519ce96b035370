// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.account.RunReport;
import io.letsdata.executor.spark.RunReports;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.tasks.Tasks;
import io.letsdata.shuffle.request.ShuffleReport;
import io.letsdata.shuffle.spark.ShuffleReports;
import io.letsdata.store.RequestCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ordinary Spark code on the Lambda master. */
@Tag("programs")
final class LambdaMasterIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static SparkSession spark = LambdaStack.session(STACK.lambdaConf());

  @BeforeAll
  static void started() {
    assertThat(spark.sparkContext().master()).isEqualTo("lambda://letsdata-worker");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void everyTaskRunsInAWorkerProcess() throws Exception {
    JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());

    List<Long> pids =
        sc.parallelize(IntStream.range(0, 8).boxed().toList(), 8).map(Tasks.pid()).collect();

    List<Long> workers = STACK.admin().invocations().stream().map(i -> i.pid()).toList();
    assertThat(pids).hasSize(8).isSubsetOf(workers);
    assertThat(pids).doesNotContain(ProcessHandle.current().pid());
  }

  @Test
  void sqlWithShuffleGivesTheRightRows() {
    List<Row> rows =
        spark
            .range(0, 100_000, 1, 8)
            .selectExpr("id % 7 as k", "id as v")
            .groupBy("k")
            .sum("v")
            .orderBy("k")
            .collectAsList();

    assertThat(rows).hasSize(7);
    assertThat(rows.get(0).getLong(1))
        .isEqualTo(IntStream.range(0, 100_000).filter(i -> i % 7 == 0).asLongStream().sum());
  }

  @Test
  void theRunIsAccountedFor() {
    RunReport before = RunReports.of(spark.sparkContext());

    assertThat(spark.range(0, 10, 1, 3).count()).isEqualTo(10);

    RunReport after = RunReports.of(spark.sparkContext());
    assertThat(after.tasks() - before.tasks()).isEqualTo(4);
    assertThat(after.invocations() - before.invocations()).isEqualTo(4);
    assertThat(after.gigabyteSeconds()).isGreaterThan(before.gigabyteSeconds());
    assertThat(after.dollars()).isGreaterThan(before.dollars());
  }

  @Test
  void shufflesOfWorkersAreAccountedForAtTheDriver() {
    ShuffleReport before = ShuffleReports.of(spark.sparkContext()).orElseThrow();

    long sum = spark.range(0, 200_000, 1, 2).repartition(3).groupBy().sum("id").first().getLong(0);

    ShuffleReport after = ShuffleReports.of(spark.sparkContext()).orElseThrow();
    RequestCounts used = after.requests().minus(before.requests());
    assertThat(sum).isEqualTo(199_999L * 100_000);
    assertThat(used.put()).isEqualTo(2);
    assertThat(used.get() - (after.hedges() - before.hedges())).isEqualTo(2 * 3);
    assertThat(after.inlineOutputs() - before.inlineOutputs()).isEqualTo(3); // of the sum
    assertThat(after.dollars()).isGreaterThan(before.dollars());
  }

  @Test
  void filesOfTheSessionReachTasks(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("words.txt"), "from the driver");
    JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());

    sc.addFile(file.toString());

    assertThat(
            sc.parallelize(List.of("words.txt", "words.txt"), 2)
                .map(Tasks.contentOfFile())
                .collect())
        .containsOnly("from the driver");
  }

  @Test
  void broadcastsAndAccumulatorsWork() {
    JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<byte[]> large = sc.broadcast(new byte[9 << 20]); // three pieces
    LongAccumulator rows = spark.sparkContext().longAccumulator();

    List<Integer> lengths =
        sc.parallelize(List.of(1, 2, 3), 3).map(Tasks.lengthOf(large, rows)).collect();

    assertThat(lengths).containsOnly(9 << 20);
    assertThat(rows.value()).isEqualTo(3);
  }

  @Test
  void cachedPartitionsAreReadFromTheStoreAndNotComputedAgain() {
    JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
    LongAccumulator computed = spark.sparkContext().longAccumulator();
    JavaRDD<Integer> cached =
        sc.parallelize(List.of(1, 2, 3, 4), 4).map(Tasks.counting(computed)).cache();

    assertThat(cached.count()).isEqualTo(4);
    assertThat(cached.collect()).containsExactly(1, 2, 3, 4);
    assertThat(computed.value()).isEqualTo(4);

    cached.unpersist();
    assertThat(cached.count()).isEqualTo(4);
    assertThat(computed.value()).isEqualTo(8);
  }

  @Test
  void payloadAndResultOverTheLimitsTravelThroughTheStore() {
    JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
    String random = UUID.randomUUID().toString().repeat(200_000); // 7.2 MB in the task itself

    assertThat(sc.parallelize(List.of(random), 1).collect()).containsExactly(random);
  }
}
