// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.spark.RunReports;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.StoreAccess;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A scan of many files, of which a task needs one. */
@Tag("programs")
@StoreAccess(data = "large-plan")
class LargePlanIT {
  private static final int FILES = 50_000;
  private static final LambdaStack STACK = LambdaStack.shared();

  @Test
  void planWithFiftyThousandFilesRunsOneInvocationForItsFirstRow() throws Exception {
    String folder = "s3://" + STACK.bucket() + "/large-plan/";
    var unused =
        STACK
            .store()
            .put(ObjectLocation.parse(folder + "00000.txt"), ObjectContent.ofUtf8("first\n"));
    String manifest =
        IntStream.range(0, FILES)
            .mapToObj(i -> "%s%05d.txt".formatted(folder, i))
            .collect(Collectors.joining("\n"));
    try (SparkSession spark = LambdaStack.session(STACK.lambdaConf())) {
      Dataset<Row> text =
          spark
              .read()
              .format("letsdata-s3")
              .option("format", "text")
              .option("manifestText", manifest)
              .load();

      assertThat(text.javaRDD().getNumPartitions()).isEqualTo(FILES);
      assertThat(text.head().getString(0)).isEqualTo("first");
      assertThat(RunReports.of(spark.sparkContext()).invocations()).isEqualTo(1);
    }
    assertThat(STACK.admin().invocations()).allMatch(run -> run.payloadBytes() < 6 << 20);
  }
}
