// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.letsdata.executor.spark.RunReports;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.fixtures.tpch.TpchData;
import io.letsdata.fixtures.tpch.TpchQueries;
import io.letsdata.it.StoreAccess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * TPC-H on the Lambda master and on plain Spark, over the same objects. The scale is {@code
 * letsdata.tpch.scale}; the profile {@code tpch-sf01} takes ten times more.
 */
@Tag("programs")
@StoreAccess(data = "tpch")
final class TpchIT {
  private static final double SCALE =
      Double.parseDouble(System.getProperty("letsdata.tpch.scale", "0.01"));
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final TpchData DATA = new TpchData("s3://" + STACK.bucket() + "/tpch", SCALE);

  // Results of local[2], by query; a JVM has one context at a time, so they come first.
  private static final List<List<Row>> EXPECTED = new ArrayList<>();

  private static SparkSession spark;

  @BeforeAll
  static void plainSparkAnswersFirst() throws IOException {
    try (SparkSession local = LambdaStack.session(conf(STACK.localConf()))) {
      if (!DATA.isWritten(STACK.store())) {
        DATA.write(local);
      }
      DATA.createViews(local);
      queries().forEach(query -> EXPECTED.add(local.sql(TpchQueries.sql(query)).collectAsList()));
    }
    spark = LambdaStack.session(conf(STACK.lambdaConf()));
    DATA.createViews(spark);
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  @ParameterizedTest(name = "query {0}")
  @MethodSource("queries")
  void lambdaGivesPlainSparksRows(int query) {
    long tasksBefore = RunReports.of(spark.sparkContext()).tasks();

    List<Row> rows = spark.sql(TpchQueries.sql(query)).collectAsList();

    assertThat(rows).isEqualTo(EXPECTED.get(query - 1));
    assertThat(RunReports.of(spark.sparkContext()).tasks()).isGreaterThan(tasksBefore);
  }

  @ParameterizedTest(name = "query {0}")
  @MethodSource("queries")
  void plainSparksRowsAreTheKnownOnes(int query) {
    assumeTrue(SCALE == TpchQueries.ANSWERED_SCALE, "answers are known for one scale");

    assertThat(EXPECTED.get(query - 1))
        .zipSatisfy(
            TpchQueries.answers(query),
            (row, answer) ->
                assertThat(TpchQueries.agree(row, answer)).as("%s is %s", row, answer).isTrue());
  }

  static List<Integer> queries() {
    return IntStream.rangeClosed(1, TpchQueries.COUNT).boxed().toList();
  }

  // Small tables are broadcast and larger ones shuffled, as with data of a real size.
  private static SparkConf conf(SparkConf conf) {
    return conf.set("spark.sql.adaptive.enabled", "true")
        .set("spark.sql.autoBroadcastJoinThreshold", "128k");
  }
}
