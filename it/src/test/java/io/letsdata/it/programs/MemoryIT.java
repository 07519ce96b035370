// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.tasks.WorkerTasks;
import io.letsdata.local.admin.EnvironmentInfo;
import io.letsdata.local.admin.InvocationRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A function of 1 GB: more data through a task than fits, and what is said when it is too much. */
@Tag("programs")
final class MemoryIT {
  private static final LambdaStack STACK =
      LambdaStack.start(function -> function.withMemoryMb(1024).withTimeoutSeconds(300));
  private static final int MEGABYTES = 300;
  private static final SparkSession SPARK =
      LambdaStack.session(
          STACK
              .lambdaConf()
              .set("spark.letsdata.lambda.concurrency", "1")
              .set("spark.task.maxFailures", "1")
              .set("spark.sql.adaptive.enabled", "false")
              .set("spark.sql.shuffle.partitions", "1"));
  private static final JavaSparkContext SC =
      JavaSparkContext.fromSparkContext(SPARK.sparkContext());

  @AfterAll
  static void stop() {
    SPARK.stop();
    STACK.cloud().close();
  }

  /** Bytes spilled to disk by finished tasks. */
  private static final class Spills extends SparkListener {
    private final AtomicLong bytes = new AtomicLong();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (end.taskMetrics() != null) { // a task whose environment ended has none
        long unused = bytes.addAndGet(end.taskMetrics().diskBytesSpilled());
      }
    }
  }

  @Test
  void aSortOfMoreThanFitsSpillsAndLeavesNothing() throws Exception {
    Spills spills = watchSpills();
    assertThat(SC.parallelize(List.of(1), 1).count()).isEqualTo(1);
    long before = environment().temporaryBytes();

    List<Long> counts =
        SC.parallelize(List.of(1), 1)
            .mapPartitionsToPair(WorkerTasks.randomPairs(MEGABYTES << 10))
            .sortByKey(true, 1)
            .mapPartitionsWithIndex(WorkerTasks.countSorted(), false)
            .collect();

    assertThat(counts).containsExactly((long) MEGABYTES << 10);
    await()
        .atMost(Duration.ofMinutes(5))
        .untilAsserted(() -> assertThat(spills.bytes.get()).isGreaterThan(100L << 20));
    assertThatTheFunctionHeld(before);
  }

  @Test
  void aWideAggregationOfMoreThanFitsSpillsAndLeavesNothing() throws Exception {
    Spills spills = watchSpills();
    assertThat(SC.parallelize(List.of(1), 1).count()).isEqualTo(1);
    long before = environment().temporaryBytes();
    int groups = 2_000_000;

    String sums =
        IntStream.range(0, 12)
            .mapToObj(i -> "sum(id + " + i + ") as s" + i + ", max(id * " + i + ") as m" + i)
            .collect(Collectors.joining(", "));
    SPARK.range(0, groups, 1, 1).createOrReplaceTempView("ids");

    List<Row> rows =
        SPARK
            .sql(
                "select count(*), "
                    // All of them, or the optimizer would drop what nobody reads.
                    + IntStream.range(0, 12)
                        .mapToObj(i -> "sum(s" + i + " + m" + i + ")")
                        .collect(Collectors.joining(", "))
                    + " from (select id % "
                    + groups
                    + " as k, "
                    + sums
                    + " from ids group by k)")
            .collectAsList();

    assertThat(rows.get(0).getLong(0)).isEqualTo(groups);
    await()
        .atMost(Duration.ofMinutes(5))
        .untilAsserted(() -> assertThat(spills.bytes.get()).isPositive());
    assertThatTheFunctionHeld(before);
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void aFullDiskNamesTheSettingToRaise() {
    assertThatThrownBy(() -> SC.parallelize(List.of(1), 1).map(WorkerTasks.fullDisk()).collect())
        .hasMessageContaining("Cannot write to /tmp: it is full")
        .hasMessageContaining("Raise EphemeralStorage of function 'letsdata-worker'")
        .hasMessageContaining("No space left on device");
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void aFullHeapNamesTheMemoryToRaise() {
    assertThatThrownBy(
            () -> SC.parallelize(List.of(1), 1).map(WorkerTasks.takeAllMemory()).collect())
        // Either the task's own word arrives or the end of its process.
        .hasMessageMatching("(?s).*(Raise MemorySize of|ran out of its 1024 MB of memory).*");
  }

  private static Spills watchSpills() {
    Spills spills = new Spills();
    SPARK.sparkContext().addSparkListener(spills);
    return spills;
  }

  private static EnvironmentInfo environment() throws IOException {
    List<EnvironmentInfo> all = STACK.admin().environments();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static void assertThatTheFunctionHeld(long temporaryBytesBefore) throws IOException {
    EnvironmentInfo environment = environment();
    assertThat(environment.temporaryBytes()).isLessThan(temporaryBytesBefore + (4L << 20));
    assertThat(environment.peakThreads()).isBetween(1L, 200L);
    assertThat(environment.peakDescriptors()).isBetween(1L, 700L);
    assertThat(STACK.admin().invocations())
        .filteredOn(run -> run.pid() == environment.pid())
        .allSatisfy(run -> assertThat(run.error()).isNull())
        .extracting(InvocationRecord::memoryUsedMb)
        .allSatisfy(used -> assertThat(used).isLessThanOrEqualTo(1024));
  }
}
