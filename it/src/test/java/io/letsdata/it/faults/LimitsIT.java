// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.letsdata.executor.account.RunReport;
import io.letsdata.executor.spark.RunReports;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.tasks.FaultTasks;
import io.letsdata.local.LocalCloudOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stand-in as narrow as Lambda: new environments, requests a second, /tmp. */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class LimitsIT {
  private static final int TMP_MEGABYTES = 100;
  private static final long STARTED = System.nanoTime();
  private static final boolean MOUNTS = LocalCloudOptions.canMount();
  private static final LambdaStack STACK =
      LambdaStack.start(
          function ->
              function
                  .withReservedConcurrency()
                  .withEphemeralStorageMb(TMP_MEGABYTES)
                  .withTimeoutSeconds(60),
          LimitsIT::narrow);

  private static LocalCloudOptions.Builder narrow(LocalCloudOptions.Builder options) {
    LocalCloudOptions.Builder narrow = options.newEnvironments(1).requestsPerConcurrency(2.5);
    return MOUNTS ? narrow.limitTmp().ownDisk() : narrow;
  }

  @AfterAll
  static void stop() {
    STACK.cloud().close();
  }

  @Test
  void jobEndsWellHoweverFewEnvironmentsMayStart() throws IOException {
    RunReport report;
    try (JavaSparkContext spark =
        new JavaSparkContext(
            STACK
                .lambdaConf()
                .set("spark.task.maxFailures", "1")
                .set("spark.letsdata.lambda.concurrency", "4"))) {
      List<Integer> all = IntStream.range(0, 8).boxed().toList();

      assertThat(spark.parallelize(all, 8).map(FaultTasks.slow(-1, 0)).collect()).isEqualTo(all);
      report = RunReports.of(spark.sc());
    }

    assertThat(report.tasks()).isEqualTo(8);
    assertThat(report.invocations()).isEqualTo(8);
    assertThat(report.retriedInvocations()).as("sent back, 429").isPositive();
    // One at once, then one each 10 s.
    long seconds = Duration.ofNanos(System.nanoTime() - STARTED).toSeconds();
    assertThat(STACK.admin().environments()).hasSizeLessThanOrEqualTo((int) (1 + seconds / 10));
  }

  @Test
  void jobEndsWellAtTheRequestRateThatLambdaAllows() {
    int tasks = 60;
    long begin = System.nanoTime();
    RunReport report;
    try (JavaSparkContext spark =
        new JavaSparkContext(STACK.lambdaConf().set("spark.task.maxFailures", "1"))) {
      spark
          .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
          .foreachPartition(FaultTasks.nothing());
      report = RunReports.of(spark.sc());
    }
    double seconds = (System.nanoTime() - begin) / 1e9;

    assertThat(report.invocations()).isEqualTo(tasks);
    // None where the driver is too slow to reach the limit.
    assertThat(report.retriedInvocations()).as("sent back, 429").isLessThanOrEqualTo(tasks);
    // 10 a second, and what the bucket held at first.
    assertThat(tasks).isLessThanOrEqualTo((int) (10 * seconds) + 10);
  }

  @Test
  void taskCanWriteToTmpAndNowhereElse() {
    assumeTrue(MOUNTS);

    try (JavaSparkContext spark = new JavaSparkContext(STACK.lambdaConf())) {
      List<String> outcomes =
          spark
              .parallelize(
                  List.of("target", "relative/out", "/data/out", "/tmp/own", "/var/tmp/out"), 1)
              .map(FaultTasks.writing())
              .collect();

      assertThat(outcomes)
          .satisfiesExactly(
              relative -> assertThat(relative).contains("Read-only file system"),
              folder -> assertThat(folder).contains("Read-only file system"),
              absolute -> assertThat(absolute).contains("Read-only file system"),
              tmp -> assertThat(tmp).isEqualTo("written"),
              other -> assertThat(other).contains("Read-only file system"));
    }
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void fullTmpNamesTheSettingToRaise() {
    assumeTrue(MOUNTS);

    try (JavaSparkContext spark =
        new JavaSparkContext(STACK.lambdaConf().set("spark.task.maxFailures", "1"))) {
      String message =
          String.valueOf(
              catchThrowable(
                      () ->
                          spark
                              .parallelize(List.of(1), 1)
                              .map(FaultTasks.spilling(2 * TMP_MEGABYTES))
                              .collect())
                  .getMessage());

      assertThat(message)
          .contains("Cannot write to /tmp: it is full (" + TMP_MEGABYTES + " MB)")
          .contains("Raise EphemeralStorage of function 'letsdata-worker'");
      // What the task wrote is gone with it, and the same environment goes on.
      assertThat(spark.parallelize(List.of(1), 1).map(FaultTasks.spilling(1)).collect())
          .containsExactly(1);
    }
  }
}
