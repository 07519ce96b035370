// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.spark.RunReports;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.tasks.WorkerTasks;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** What large values cost on their way to workers. One slot, so one environment. */
@Tag("programs")
final class BroadcastIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final JavaSparkContext SPARK = new JavaSparkContext(conf());

  @AfterAll
  static void stop() {
    SPARK.close();
  }

  @Test
  void aBroadcastIsFetchedOnceByAnEnvironmentWhateverUsesIt() {
    Set<Long> workers = new HashSet<>();
    warmUp();
    long before = workerGets();

    Broadcast<byte[]> large = SPARK.broadcast(random(62 << 20)); // 16 pieces
    for (int job = 0; job < 3; job++) {
      for (Tuple2<Integer, Long> seen :
          SPARK.parallelize(List.of(1, 2, 3), 3).map(WorkerTasks.lengthAndPid(large)).collect()) {
        assertThat(seen._1).isEqualTo(62 << 20);
        workers.add(seen._2);
      }
    }

    assertThat(workers).hasSize(1);
    assertThat(workerGets() - before).isEqualTo(16);
  }

  @Test
  void aTaskOfTwentyMegabytesTravelsThroughTheStore() {
    warmUp();
    long before = workerGets();

    List<Integer> lengths =
        SPARK.parallelize(List.of(1, 2, 3), 3).map(WorkerTasks.heavy(random(20 << 20))).collect();

    assertThat(lengths).containsExactly((20 << 20) + 1, (20 << 20) + 2, (20 << 20) + 3);
    // The closure is a broadcast of Spark's own: its pieces once, nothing a task.
    assertThat(workerGets() - before).isEqualTo(6);
  }

  private static void warmUp() {
    STACK.awaitIdle();
    assertThat(SPARK.parallelize(List.of(1), 1).count()).isEqualTo(1);
  }

  private static long workerGets() {
    return RunReports.of(SPARK.sc()).workerRequests().get();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static SparkConf conf() {
    return STACK.lambdaConf().set("spark.letsdata.lambda.concurrency", "1");
  }
}
