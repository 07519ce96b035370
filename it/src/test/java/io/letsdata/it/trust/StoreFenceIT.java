// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.StoreAccess;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The fence around the store of these tests refuses what was not declared. */
@Tag("trust")
@StoreAccess(data = "fence-inside", refusalsExpected = true)
@ExpectedErrors({ExpectedErrors.JOB_ABORTED, "^(OverwriteByExpressionExec|FileFormatWriter): "})
final class StoreFenceIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final SparkSession SPARK =
      LambdaStack.session(STACK.lambdaConf().set("spark.task.maxFailures", "1"));

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  @BeforeEach
  void forget() {
    List<String> unused = LambdaStack.takeRefused();
  }

  @Test
  void declaredPrefixesCanBeUsed() {
    SPARK.range(3).write().mode("overwrite").parquet("s3a://" + STACK.bucket() + "/fence-inside/a");
    write(STACK.bucket() + "/fence-inside/b");

    assertThat(read(STACK.bucket() + "/fence-inside/b").count()).isEqualTo(3);
    assertThat(LambdaStack.takeRefused()).isEmpty();
  }

  @Test
  void anotherPrefixIsRefused() {
    assertThatThrownBy(() -> write(STACK.bucket() + "/fence-insider"))
        .hasStackTraceContaining("403");
    assertThat(LambdaStack.takeRefused())
        .isNotEmpty()
        .allMatch(refused -> refused.contains("key=fence-insider"));

    String plain = "s3a://" + STACK.bucket() + "/fence-outside";
    assertThatThrownBy(() -> SPARK.range(3).write().parquet(plain)).hasStackTraceContaining("403");
    assertThat(LambdaStack.takeRefused()).isNotEmpty().allMatch(line -> line.startsWith("s3a "));
  }

  @Test
  void anotherBucketIsRefused() {
    assertThatThrownBy(() -> read("another-bucket/fence-inside").count())
        .hasStackTraceContaining("another-bucket");

    assertThat(LambdaStack.takeRefused())
        .isNotEmpty()
        .allMatch(refused -> refused.contains("bucket=another-bucket"));
  }

  @Test
  void objectOfAManifestOutsideIsRefusedToTheFunction() throws IOException {
    ObjectLocation outside = new ObjectLocation(STACK.bucket(), "fence-lines.txt");
    String unused = STACK.store().put(outside, ObjectContent.ofUtf8("a\n"));

    assertThatThrownBy(
            () ->
                SPARK
                    .read()
                    .format("letsdata-s3")
                    .option("manifestText", outside.toString())
                    .option("format", "text")
                    .load()
                    .count())
        .isNotNull();
    assertThat(LambdaStack.takeRefused())
        .anyMatch(refused -> refused.startsWith("function ") && refused.contains("lines.txt"));
  }

  private static void write(String output) {
    SPARK
        .range(3)
        .write()
        .format("letsdata-s3")
        .option("format", "json")
        .mode("append")
        .save("s3://" + output);
  }

  private static Dataset<Row> read(String output) {
    return SPARK.read().format("letsdata-s3").load("s3://" + output);
  }
}
