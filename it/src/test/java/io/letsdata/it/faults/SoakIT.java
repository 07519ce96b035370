// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.letsdata.executor.cleanup.RunCleanup;
import io.letsdata.executor.cleanup.StoredRun;
import io.letsdata.fixtures.http.ChaosProxy;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.fixtures.tpch.TpchData;
import io.letsdata.fixtures.tpch.TpchQueries;
import io.letsdata.it.StoreAccess;
import io.letsdata.local.admin.Chaos;
import io.letsdata.local.admin.EnvironmentInfo;
import io.letsdata.local.admin.Fault;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import io.letsdata.write.OutputCleanup;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * TPC-H and a write while 5% of all invocations and S3 requests fail, in every way the stand-in and
 * {@link ChaosProxy} know. A few queries by default; the profile {@code soak} runs all 22, many
 * times. {@code -Dletsdata.soak.seed} repeats the draws of a seed that was printed.
 */
@Tag("faults")
@StoreAccess(
    runs = "soak-runs",
    data = {"tpch", "soak-out"})
class SoakIT {
  private static final double RATE = 0.05;
  private static final int ROUNDS = Integer.getInteger("letsdata.soak.rounds", 0);
  private static final long SEED = Long.getLong("letsdata.soak.seed", new Random().nextLong());
  private static final List<Integer> SHORT = List.of(3, 5, 13, 18, 21);

  /** All but the refusal that ends a stage by design. */
  private static final List<Fault.Kind> FAULTS =
      Stream.of(Fault.Kind.values()).filter(kind -> kind != Fault.Kind.FORBIDDEN).toList();

  private static final LambdaStack STACK = LambdaStack.shared();
  private static final TpchData DATA =
      new TpchData("s3://" + STACK.bucket() + "/tpch", TpchQueries.ANSWERED_SCALE);
  private static final String RUNS = "soak-runs";
  private static final ObjectLocation OUTPUT =
      new ObjectLocation(STACK.bucket(), "soak-out/" + UUID.randomUUID());

  @Test
  void everyResultIsRightAndNothingIsLeft() throws Exception {
    if (!DATA.isWritten(STACK.store())) {
      try (SparkSession local = LambdaStack.session(STACK.localConf())) {
        DATA.write(local);
      }
    }
    System.out.println("soak: seed " + SEED);
    int invocationsBefore = STACK.admin().invocations().size();
    String application;
    try (ChaosProxy proxy = ChaosProxy.start(STACK.s3Endpoint(), SEED, RATE)) {
      for (Fault.Kind kind : FAULTS) {
        STACK.admin().plan(Fault.next(kind).millis(100)); // each at least once
      }
      STACK.admin().unleash(new Chaos(SEED, RATE, FAULTS, 100));
      try (SparkSession spark = LambdaStack.session(conf(proxy))) {
        application = spark.sparkContext().applicationId();
        DATA.createViews(spark);
        for (int round = 0; round <= ROUNDS; round++) {
          queries().forEach(query -> check(spark, query));
          append(spark);
        }
        assertThat(STACK.admin().pendingFaults()).as("planned faults not met").isEmpty();
      } finally {
        STACK.admin().clearFaults();
        proxy.calm();
        System.out.println("soak: seed " + SEED + ": " + proxy.summary());
      }
      assertThat(proxy.happened().values()).anyMatch(count -> count > 0);
    }
    Map<String, Long> faults = invocationFaults(invocationsBefore);
    System.out.println("soak: seed " + SEED + ": invocations by fault " + faults);
    // A zombie may still run; its time limit is 60 s.
    await()
        .atMost(Duration.ofMinutes(5))
        .until(
            () ->
                STACK.admin().environments().stream()
                    .map(EnvironmentInfo::state)
                    .noneMatch("BUSY"::equals));

    assertOutputIsWhole();
    cleanUp(application);

    assertThat(STACK.store().listAll(STACK.bucket(), RUNS + "/").hasNext()).isFalse();
    assertThat(STACK.store().listUploads(STACK.bucket(), "")).isEmpty();
  }

  /** Runs by fault; those that never began are not among them. */
  private static Map<String, Long> invocationFaults(int before) throws IOException {
    return STACK.admin().invocations().stream()
        .skip(before)
        .collect(
            Collectors.groupingBy(
                run -> run.fault() == null ? "none" : run.fault(),
                TreeMap::new,
                Collectors.counting()));
  }

  private static List<Integer> queries() {
    return ROUNDS == 0 ? SHORT : IntStream.rangeClosed(1, TpchQueries.COUNT).boxed().toList();
  }

  private static SparkConf conf(ChaosProxy proxy) {
    return STACK
        .lambdaConf()
        .set("spark.letsdata.s3.endpoint", proxy.endpoint().toString())
        .set("spark.letsdata.run.location", "s3://" + STACK.bucket() + "/" + RUNS)
        // More travels through the store, and more of it fails.
        .set("spark.letsdata.lambda.inline-limit", "1k")
        .set("spark.sql.autoBroadcastJoinThreshold", "128k");
  }

  private static void check(SparkSession spark, int query) {
    List<Row> rows = spark.sql(TpchQueries.sql(query)).collectAsList();

    assertThat(rows)
        .as("query %d, seed %d", query, SEED)
        .zipSatisfy(
            TpchQueries.answers(query),
            (row, answer) ->
                assertThat(TpchQueries.agree(row, answer)).as("%s is %s", row, answer).isTrue());
  }

  private static void append(SparkSession spark) {
    spark
        .table("nation")
        .repartition(4)
        .write()
        .format("letsdata-s3")
        .option("format", "json")
        .mode("append")
        .save(OUTPUT.toString());
  }

  private static void assertOutputIsWhole() {
    try (SparkSession local = LambdaStack.session(STACK.localConf())) {
      List<Row> keys =
          local
              .read()
              .format("letsdata-s3")
              .load(OUTPUT.toString())
              .groupBy("n_nationkey")
              .count()
              .collectAsList();
      assertThat(keys).hasSize(25).allMatch(row -> row.getLong(1) == ROUNDS + 1);
    }
  }

  private static void cleanUp(String application) throws IOException {
    RunCleanup cleanup = new RunCleanup(STACK.store(), new ObjectLocation(STACK.bucket(), RUNS));
    for (StoredRun run : cleanup.find()) {
      assertThat(run.application()).isEqualTo(application);
      cleanup.delete(run);
    }
    OutputCleanup.Leftovers left =
        OutputCleanup.find(
            STACK.store(),
            OutputLayout.of(OUTPUT.toString()),
            Instant.now().plusSeconds(60),
            Duration.ZERO);
    OutputCleanup.delete(STACK.store(), left);
    List<ListedObject> after =
        OutputCleanup.find(
                STACK.store(),
                OutputLayout.of(OUTPUT.toString()),
                Instant.now().plusSeconds(60),
                Duration.ZERO)
            .objects();
    assertThat(after).isEmpty();
    System.out.println(
        "soak: cleaned up " + left.objects().size() + " data objects that no manifest names");
  }
}
