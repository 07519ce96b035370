// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.letsdata.fixtures.stack.LambdaStack;
import java.time.Duration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Ten thousand jobs of one application, as a notebook of days has them; {@code
 * -Dletsdata.soak.jobs=300} is a trial. Profile "soak".
 */
@Tag("programs")
@EnabledIfSystemProperty(named = "letsdata.soak.rounds", matches = "[1-9][0-9]*")
final class ManyJobsIT {
  private static final int JOBS = Integer.getInteger("letsdata.soak.jobs", 10_000);

  /** Conf, heartbeat and the broadcasts of the last jobs. */
  private static final int OBJECTS_AT_REST = 20;

  private static final long HEAP_GROWTH_BYTES = 50L << 20;

  @Test
  void storeAndDriverStayBounded() throws Exception {
    LambdaStack stack = LambdaStack.shared();
    String runs = "many-jobs";
    SparkConf conf =
        stack
            .lambdaConf()
            .setMaster("lambda://" + LambdaStack.BRIEF)
            .set("spark.letsdata.run.location", "s3://" + stack.bucket() + "/" + runs)
            .set("spark.letsdata.lambda.inline-limit", "1k")
            .set("spark.cleaner.periodicGC.interval", "20s")
            .set("spark.ui.retainedJobs", "100")
            .set("spark.ui.retainedStages", "100")
            .set("spark.sql.ui.retainedExecutions", "100");
    try (SparkSession spark = LambdaStack.session(conf)) {
      long heapBytes = 0;
      int most = 0;
      for (int job = 0; job < JOBS; job++) {
        assertThat(spark.range(0, 300, 1, 1).repartition(1).collectAsList()).hasSize(300);
        if ((job + 1) % (JOBS / 20) == 0) {
          int objects = objects(stack, runs);
          most = Math.max(most, objects);
          System.out.printf(
              "%d jobs: %d objects, %d MiB of heap%n", job + 1, objects, usedHeapBytes() >> 20);
        }
        if (job == JOBS / 5) {
          heapBytes = usedHeapBytes();
        }
      }

      assertThat(usedHeapBytes() - heapBytes).isLessThan(HEAP_GROWTH_BYTES);
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofSeconds(5))
          .until(
              () -> {
                System.gc(); // Spark's cleaner waits for it
                return objects(stack, runs) <= OBJECTS_AT_REST;
              });
      System.out.println("at most " + most + " objects, " + objects(stack, runs) + " at rest");
    }
  }

  private static int objects(LambdaStack stack, String prefix) throws Exception {
    int objects = 0;
    for (var all = stack.store().listAll(stack.bucket(), prefix + "/"); all.hasNext(); all.next()) {
      objects++;
    }
    return objects;
  }

  private static long usedHeapBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
