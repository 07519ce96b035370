// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.tasks.FaultTasks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Jobs and drivers that end while invocations are in flight. Lambda has no way to stop one: it must
 * end itself, long before its time limit (60 s here).
 */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class CancelIT {
  private static final LambdaStack STACK = LambdaStack.shared();

  private static JavaFutureAction<List<Integer>> endless(JavaSparkContext spark) {
    JavaFutureAction<List<Integer>> job =
        spark.parallelize(List.of(1, 2), 2).map(FaultTasks.endless()).collectAsync();
    await().atMost(Duration.ofMinutes(5)).until(() -> STACK.busyWorkers() == 2);
    return job;
  }

  /** By themselves: none has run into its time limit. */
  private static void awaitEnd(long timedOutBefore) throws IOException {
    STACK.awaitIdle();
    assertThat(STACK.timedOut()).isEqualTo(timedOutBefore);
  }

  @Test
  void cancelledJobFreesItsSlotsForTheNext() throws Exception {
    long timedOut = STACK.timedOut();
    try (JavaSparkContext spark = new JavaSparkContext(STACK.lambdaConf())) {
      JavaFutureAction<List<Integer>> job = endless(spark);

      job.cancel(true);

      assertThatThrownBy(job::get).isInstanceOf(java.util.concurrent.CancellationException.class);
      assertThat(spark.parallelize(List.of(1, 2, 3), 3).count()).isEqualTo(3);
      awaitEnd(timedOut);
    }
  }

  @Test
  void invocationsInFlightEndAfterTheDriverHasStopped() throws IOException {
    long timedOut = STACK.timedOut();
    JavaSparkContext spark = new JavaSparkContext(STACK.lambdaConf());
    JavaFutureAction<List<Integer>> job = endless(spark);

    spark.stop();

    assertThatThrownBy(job::get).hasStackTraceContaining("SparkContext was shut down");
    awaitEnd(timedOut);
  }
}
