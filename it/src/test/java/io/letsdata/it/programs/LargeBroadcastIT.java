// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.spark.RunReports;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.tasks.WorkerTasks;
import io.letsdata.local.admin.InvocationRecord;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Half a gigabyte for every task, on the smallest function that is meant for it. Profile "soak".
 */
@Tag("programs")
@EnabledIfSystemProperty(named = "letsdata.soak.rounds", matches = "[1-9][0-9]*")
final class LargeBroadcastIT {
  private static final int MEGABYTES = 500;
  private static final int PIECES = 126; // of 4 MiB, with what Java adds to the array

  @Test
  void halfAGigabyteFitsAFunctionOfTwoAndIsFetchedOnce() throws Exception {
    LambdaStack stack = LambdaStack.start(function -> function.withMemoryMb(2048));
    try (JavaSparkContext spark =
        new JavaSparkContext(stack.lambdaConf().set("spark.letsdata.lambda.concurrency", "1"))) {
      assertThat(spark.parallelize(List.of(1), 1).count()).isEqualTo(1);
      long before = RunReports.of(spark.sc()).workerRequests().get();

      byte[] bytes = new byte[MEGABYTES << 20];
      new Random(1).nextBytes(bytes);
      Broadcast<byte[]> large = spark.broadcast(bytes);
      for (int job = 0; job < 3; job++) {
        assertThat(
                spark.parallelize(List.of(1, 2), 2).map(WorkerTasks.lengthAndPid(large)).collect())
            .extracting(seen -> seen._1)
            .containsOnly(MEGABYTES << 20);
      }

      assertThat(RunReports.of(spark.sc()).workerRequests().get() - before)
          .isBetween((long) PIECES, PIECES + 3L); // a busy machine's client repeats one
      assertThat(stack.admin().environments()).hasSize(1);
      assertThat(stack.admin().invocations())
          .allSatisfy(run -> assertThat(run.error()).isNull())
          .extracting(InvocationRecord::memoryUsedMb)
          .allSatisfy(used -> assertThat(used).isLessThanOrEqualTo(2048));
      System.out.println(
          "Invocations: "
              + stack.admin().invocations().stream()
                  .map(run -> run.memoryUsedMb() + " MB, " + run.durationMillis() + " ms")
                  .toList()
              + "; /tmp "
              + (stack.admin().environments().get(0).temporaryBytes() >> 20)
              + " MB");
    } finally {
      stack.cloud().close();
    }
  }
}
