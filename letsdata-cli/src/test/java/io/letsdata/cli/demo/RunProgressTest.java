// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class RunProgressTest {
  private final StringWriter text = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void appendedProgressIsALineAStage() {
    run(new RunProgress(new PrintWriter(text), RunProgress.Display.APPENDING, nanos::get));

    assertThat(text.toString())
        .isEqualTo("  0.0 s    stage 0 (my job): 3 of 3 tasks" + System.lineSeparator());
  }

  @Test
  void updatedProgressOverwritesItsLineUntilTheStageEnds() {
    run(new RunProgress(new PrintWriter(text), RunProgress.Display.UPDATING, nanos::get));

    assertThat(text.toString())
        .startsWith("\r\u001B[K  0.0 s    stage 0 (my job): 0 of 3 tasks")
        .endsWith("\r\u001B[K  0.0 s    stage 0 (my job): 3 of 3 tasks" + System.lineSeparator())
        .containsOnlyOnce(System.lineSeparator());
  }

  @Test
  void aSlowStageIsMentionedEveryFewSecondsWhenAppending() {
    AtomicLong call = new AtomicLong();

    run(
        new RunProgress(
            new PrintWriter(text),
            RunProgress.Display.APPENDING,
            () -> call.getAndIncrement() * 6_000_000_000L));

    assertThat(text.toString().lines().count()).isGreaterThan(2);
  }

  @Test
  void failedTasksAreCounted() {
    StringWriter shown = new StringWriter();
    RunProgress progress =
        new RunProgress(new PrintWriter(shown), RunProgress.Display.UPDATING, nanos::get);

    try (SparkSession spark = session()) {
      spark.sparkContext().addSparkListener(progress);
      Dataset<Row> failing = spark.range(3).selectExpr("raise_error('no')");
      assertThatThrownBy(failing::collectAsList).hasMessageContaining("no");
    }

    assertThat(shown.toString()).contains("failed");
  }

  private static void run(RunProgress progress) {
    try (SparkSession spark = session()) {
      spark.sparkContext().addSparkListener(progress);
      spark.sparkContext().setJobDescription("my job");
      assertThat(spark.range(0, 3, 1, 3).javaRDD().count()).isEqualTo(3);
    }
  }

  private static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "localhost")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }
}
