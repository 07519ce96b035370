// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.http.SilentProxy;
import io.letsdata.fixtures.http.SilentProxy.Swallow;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.tasks.FaultTasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that stay open and say nothing; slots that send no heartbeats. */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class SilenceIT {
  private static final LambdaStack STACK = LambdaStack.shared();

  /** What a session's listeners hear of failed tasks and lost executors. */
  private static final class Losses extends SparkListener {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (end.taskInfo().failed()) {
        heard.add("task " + end.taskInfo().index() + " " + end.reason());
      }
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
      heard.add("executor " + removed.executorId() + " " + removed.reason());
    }
  }

  /** Three elements, a task each, of which one takes its time. */
  private static List<Integer> run(SparkConf conf, Losses losses, Runnable warm, long millis) {
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      assertThat(spark.parallelize(List.of(1, 2, 3, 4), 4).count()).isEqualTo(4);
      warm.run();
      spark.sc().addSparkListener(losses);
      return new ArrayList<>(
          spark.parallelize(List.of(0, 1, 2), 3).map(FaultTasks.slow(1, millis)).collect());
    }
  }

  @Test
  void messageThatIsSwallowedOnAnOpenConnectionCostsAtMostOneMoreRun() throws IOException {
    Losses losses = new Losses();
    AtomicInteger before = new AtomicInteger();
    try (SilentProxy proxy = SilentProxy.start(STACK.cloud().lambdaEndpoint())) {
      List<Integer> result =
          run(
              STACK
                  .lambdaConf()
                  .set("spark.letsdata.lambda.endpoint", proxy.endpoint())
                  .set("spark.letsdata.lambda.function-timeout", "5s")
                  .set("spark.letsdata.lambda.concurrency", "3"),
              losses,
              () -> {
                STACK.awaitIdle(); // a run that took too long is recorded when it ends
                before.set(invocations());
                proxy.swallow(Swallow.REQUEST, "\"partition\":0,");
                proxy.swallow(Swallow.ANSWER, "\"partition\":1,"); // long: its answer is stored
                proxy.swallow(Swallow.ANSWER, "\"partition\":2,");
              },
              2_500);

      assertThat(result).containsExactly(0, 1, 2);
      assertThat(proxy.planned()).isEmpty();
    }
    // 1 + 1, found in the store, + 2; a machine so slow that the third is long as well: 3 in all.
    assertThat(invocations() - before.get()).isBetween(3, 4);
    assertThat(losses.heard)
        .anyMatch(failure -> failure.startsWith("task 0 "))
        .noneMatch(failure -> failure.startsWith("task 1 "))
        .hasSize(invocations() - before.get() - 2)
        .allMatch(failure -> failure.contains("was lost"));
  }

  private static int invocations() {
    try {
      return STACK.admin().invocations().size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void taskThatRunsLongerThanSparkWaitsForHeartbeatsIsLeftAlone() {
    Losses losses = new Losses();

    List<Integer> result =
        run(
            STACK
                .lambdaConf()
                .set("spark.executor.heartbeatInterval", "200ms")
                .set("spark.network.timeout", "1s")
                .set("spark.rpc.askTimeout", "120s") // it is the same by default
                .set("spark.network.timeoutInterval", "200ms")
                .set("spark.storage.blockManagerHeartbeatTimeoutMs", "1s")
                .set("spark.storage.blockManagerTimeoutIntervalMs", "200ms"),
            losses,
            () -> {},
            3_000);

    assertThat(result).containsExactly(0, 1, 2);
    assertThat(losses.heard).isEmpty();
  }
}
