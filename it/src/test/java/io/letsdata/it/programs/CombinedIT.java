// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.account.MergeTotals;
import io.letsdata.executor.account.RunReport;
import io.letsdata.executor.spark.RunReports;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.StoreAccess;
import io.letsdata.local.admin.Fault;
import io.letsdata.local.admin.Fault.Kind;
import io.letsdata.store.ListedObject;
import io.letsdata.store.RequestCounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Exchanges whose map outputs are merged by invocations between the stages, or should have been.
 */
@Tag("programs")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@StoreAccess(runs = "combined-runs")
final class CombinedIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final String RUNS = "combined-runs";
  private static final String MERGE = "\"mergeJob\":";

  private static final int ROWS = 20_000;
  private static final List<Long> ALL = LongStream.range(0, ROWS).boxed().toList();

  private static SparkConf conf() {
    return STACK
        .lambdaConf()
        .set("spark.task.maxFailures", "1") // a merge that fails is no failure of a task
        .set("spark.sql.adaptive.enabled", "false")
        .set("spark.letsdata.run.location", "s3://" + STACK.bucket() + "/" + RUNS)
        .set("spark.letsdata.shuffle.inline-map-size", "0")
        .set("spark.letsdata.shuffle.exchange", "combined");
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(STACK.admin().pendingFaults()).isEmpty();
    STACK.admin().clearFaults();
    STACK.awaitIdle();
    assertThat(keys()).allMatch(key -> key.contains("/kill/"));
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>();
    STACK
        .store()
        .listAll(STACK.bucket(), RUNS + "/")
        .forEachRemaining((ListedObject object) -> keys.add(object.location().key()));
    return keys;
  }

  /** Exchanges numbers between as many maps as reducers, and gives them back in order. */
  private static List<Long> exchange(SparkSession spark, int partitions) {
    return spark
        .range(0, ROWS, 1, partitions)
        .repartition(partitions)
        .as(Encoders.LONG())
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }

  @Test
  void hundredByHundredTakesAFifthOfTheRequestsThatReadingDirectlyTakes() {
    RunReport report;
    try (SparkSession spark = LambdaStack.session(conf())) {
      assertThat(exchange(spark, 100)).isEqualTo(ALL);
      report = RunReports.of(spark.sparkContext());
    }

    long direct = 100 + 100L * 100;
    RequestCounts all = report.driverRequests().plus(report.workerRequests());
    long requests = all.put() + all.get();
    assertThat(requests).isBetween(200L, direct / 5);
    MergeTotals merges = report.merges();
    assertThat(merges.invocations()).isPositive();
    assertThat(merges.merged()).isEqualTo(merges.invocations());
    assertThat(merges.requests().put()).isEqualTo(merges.merged());
    assertThat(merges.dollars()).isPositive().isLessThan(report.dollars());
    assertThat(report.invocations()).isEqualTo(200 + merges.invocations());
    assertThat(report.tasks()).isEqualTo(200);
    assertThat(report.render()).contains("merges");
  }

  /** What happens to merges. */
  enum Trouble {
    KILLED(Kind.CRASH, 100, 0, false),
    REFUSED(Kind.FORBIDDEN, 100, 0, false),
    LATE(Kind.DELAY_ANSWER, 100, 10_000, false),
    ANSWER_LOST(Kind.ANSWER_LOST, 100, 0, false),
    THROTTLED(Kind.THROTTLE, 3, 0, true),
    SERVICE_ERROR(Kind.SERVICE_ERROR_AFTER, 2, 0, true);

    private final Kind kind;
    private final int times;
    private final long millis;
    private final boolean passes;

    Trouble(Kind kind, int times, long millis, boolean passes) {
      this.kind = kind;
      this.times = times;
      this.millis = millis;
      this.passes = passes;
    }

    private Fault fault() {
      return Fault.next(kind).times(times).millis(millis).matching(MERGE);
    }
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void jobIsRightWhateverHappensToMerges(Trouble trouble) throws IOException {
    int partitions = 12;
    RunReport report;
    try (SparkSession spark =
        LambdaStack.session(
            conf().set("spark.letsdata.shuffle.merge-timeout", trouble.passes ? "5m" : "2s"))) {
      STACK.admin().plan(trouble.fault());

      assertThat(exchange(spark, partitions)).isEqualTo(ALL);
      report = RunReports.of(spark.sparkContext());
    }
    if (!trouble.passes) {
      STACK.admin().clearFaults(); // more were planned than there are merges
    }

    assertThat(report.tasks()).isEqualTo(2L * partitions);
    assertThat(report.merges().merged() > 0).isEqualTo(trouble.passes);
    // Without merged objects each task reads each output.
    long direct = (long) partitions * partitions;
    assertThat(report.workerRequests().get() >= direct).isEqualTo(!trouble.passes);
  }
}
