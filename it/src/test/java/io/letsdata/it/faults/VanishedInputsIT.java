// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.tasks.ProgramTasks;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs of tasks that are deleted while the application lives, and needed by new workers. */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class VanishedInputsIT {
  private static final LambdaStack STACK = LambdaStack.shared();

  private static JavaSparkContext spark() {
    return new JavaSparkContext(STACK.lambdaConf().set("spark.letsdata.lambda.inline-limit", "0"));
  }

  /** Needs the conf, the file of this class, and the pieces of 12 broadcasts. */
  private static JavaRDD<Integer> sums(JavaSparkContext spark) {
    JavaRDD<Integer> sums = spark.parallelize(List.of(0, 1), 2);
    for (int step = 0; step < 6; step++) {
      Broadcast<int[]> inner = spark.broadcast(new int[] {step == 0 ? 40 : 0});
      Broadcast<ProgramTasks.Holder> outer = spark.broadcast(new ProgramTasks.Holder(inner));
      sums = sums.map(ProgramTasks.sumThrough(outer));
    }
    return sums;
  }

  @ParameterizedTest
  @ValueSource(strings = {"conf.json", "file/", ""})
  void deletedInputsArePublishedAgain(String kind) throws IOException {
    try (JavaSparkContext spark = spark()) {
      JavaRDD<Integer> sums = sums(spark);
      assertThat(sums.collect()).containsExactly(40, 41);

      assertThat(delete(spark, kind)).isPositive();

      assertThat(sums.collect()).containsExactly(40, 41);
    }
  }

  @Test
  @ExpectedErrors("^TaskSetManager: .*aborting job")
  void inputThatIsDeletedForTheSecondTimeIsNamed() throws IOException {
    try (JavaSparkContext spark = spark()) {
      JavaRDD<Integer> sums = sums(spark);
      assertThat(sums.collect()).containsExactly(40, 41);
      assertThat(delete(spark, "conf.json")).isPositive();
      assertThat(sums.collect()).containsExactly(40, 41);

      assertThat(delete(spark, "conf.json")).isPositive();

      assertThatThrownBy(sums::collect)
          .hasMessageContaining("cannot run tasks")
          .hasMessageContaining("conf.json");
    }
  }

  /** Deletes what lies there, and the workers that may have read it. */
  private static int delete(JavaSparkContext spark, String kind) throws IOException {
    STACK.awaitIdle();
    STACK.admin().expireIdle();
    String prefix = "runs/" + spark.sc().applicationId() + "/";
    List<ObjectLocation> deleted = new ArrayList<>();
    Iterator<ListedObject> all = STACK.store().listAll(STACK.bucket(), prefix + kind);
    while (all.hasNext()) {
      deleted.add(all.next().location());
    }
    STACK.store().delete(deleted);
    return deleted.size();
  }
}
