// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.tasks.ProcessTasks;
import io.letsdata.it.tasks.ProgramTasks;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program whose jar is on the driver's class path and not in {@code spark.jars}. */
@Tag("programs")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@ExpectedErrors(ExpectedErrors.JOB_ABORTED)
final class ForgottenJarIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final SparkSession SPARK =
      LambdaStack.session(STACK.lambdaConf().remove("spark.jars"));
  private static final String REMEDY = "Name its jar in spark.jars";

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(SPARK.sparkContext());
  }

  @Test
  void lambdaFunctionThatNoWorkerHasIsNamedWithTheRemedy() {
    assertThatThrownBy(
            () -> context().parallelize(List.of(1), 1).map(ProcessTasks.taskAttemptId()).collect())
        .hasMessageContaining("Cannot load the class of a lambda function in the worker")
        .hasMessageContaining(REMEDY);
    assertThatThrownBy(
            () -> SPARK.range(3).map(ProgramTasks.words(), Encoders.STRING()).collectAsList())
        .hasMessageContaining(REMEDY);
  }

  @Test
  void classOfAValueThatNoWorkerHasIsNamedWithTheRemedy() {
    assertThatThrownBy(() -> context().parallelize(List.of(new ProcessTasks.Value(1)), 1).count())
        .hasMessageContaining("Cannot load class " + ProcessTasks.Value.class.getName())
        .hasMessageContaining(REMEDY);
  }
}
