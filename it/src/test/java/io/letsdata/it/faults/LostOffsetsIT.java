// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.StoreAccess;
import io.letsdata.it.tasks.OffsetsTasks;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Published offsets that are gone or damaged when somebody needs them. */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@StoreAccess(runs = "lost-offsets-runs")
final class LostOffsetsIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final String RUNS = "lost-offsets-runs";
  private static final int MAPS = 4;
  private static final List<Integer> NUMBERS = IntStream.range(0, 2_000).boxed().toList();

  /** Nothing rides along that could be an object. */
  private static SparkConf conf() {
    return STACK
        .lambdaConf()
        .set("spark.task.maxFailures", "1")
        .set("spark.letsdata.run.location", "s3://" + STACK.bucket() + "/" + RUNS)
        .set("spark.letsdata.lambda.inline-limit", "0")
        .set("spark.letsdata.shuffle.exchange", "direct")
        .set("spark.letsdata.shuffle.inline-payload-size", "0");
  }

  @Test
  void laterStagesGetTablesThatAreLostBetweenStagesAnew() throws IOException {
    try (JavaSparkContext spark =
        new JavaSparkContext(conf().set("spark.letsdata.shuffle.inline-map-size", "0"))) {
      JavaPairRDD<Integer, String> shuffled = OffsetsTasks.shuffled(spark, NUMBERS, MAPS, 3);
      assertThat(shuffled.count()).isEqualTo(NUMBERS.size());
      ObjectLocation table = table(spark);
      byte[] whole = STACK.store().read(table);
      byte[] flipped = whole.clone();
      for (int i = 0; i < flipped.length; i += 16) {
        flipped[i] ^= 4;
      }

      STACK.store().delete(List.of(table));
      assertThat(shuffled.keys().collect()).containsExactlyInAnyOrderElementsOf(NUMBERS);
      assertThat(STACK.store().read(table)).isEqualTo(whole);
      STACK.store().put(table, ObjectContent.of(flipped));
      assertThat(shuffled.keys().collect()).containsExactlyInAnyOrderElementsOf(NUMBERS);
      assertThat(STACK.store().read(table)).isEqualTo(whole);
      STACK.store().put(table, ObjectContent.of(whole, 0, whole.length - 1));
      assertThat(shuffled.keys().collect()).containsExactlyInAnyOrderElementsOf(NUMBERS);
      assertThat(STACK.store().read(table)).isEqualTo(whole);

      // And within a stage.
      assertThat(keysOnceTheOffsetsAreGone(spark, shuffled(spark)))
          .containsExactlyInAnyOrderElementsOf(NUMBERS);
    }
  }

  @Test
  void smallOutputsThatWereOnlyInALostTableAreMadeAgain() {
    try (JavaSparkContext spark = new JavaSparkContext(conf())) {
      assertThat(keysOnceTheOffsetsAreGone(spark, shuffled(spark)))
          .containsExactlyInAnyOrderElementsOf(NUMBERS);
    }
  }

  private static JavaPairRDD<Integer, String> shuffled(JavaSparkContext spark) {
    return OffsetsTasks.shuffled(spark, NUMBERS, MAPS, 3);
  }

  private static List<Integer> keysOnceTheOffsetsAreGone(
      JavaSparkContext spark, JavaPairRDD<Integer, String> shuffled) {
    return OffsetsTasks.keysOnceTheOffsetsAreGone(
        spark, shuffled, STACK.storeProperties(), STACK.bucket(), prefix(spark));
  }

  private static String prefix(JavaSparkContext spark) {
    return RUNS + "/" + spark.sc().applicationId() + "/";
  }

  private static ObjectLocation table(JavaSparkContext spark) {
    List<ObjectLocation> tables =
        OffsetsTasks.offsets(STACK.store(), STACK.bucket(), prefix(spark));
    assertThat(tables).hasSize(1);
    return tables.get(0);
  }
}
