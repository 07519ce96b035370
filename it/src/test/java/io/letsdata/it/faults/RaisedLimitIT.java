// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.tasks.FaultTasks;
import io.letsdata.local.admin.InvocationRecord;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;

/** The function's time limit is changed while an application runs. */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class RaisedLimitIT {
  private static final LambdaStack STACK = LambdaStack.shared();

  /** The limit of {@link LambdaStack#SHORT}, in seconds. */
  private static final int LIMIT = 15;

  @AfterEach
  void restore() {
    changeTimeLimit(LIMIT);
  }

  private static void changeTimeLimit(int seconds) {
    try (LambdaAsyncClient lambda =
        LambdaAsyncClient.builder()
            .endpointOverride(STACK.cloud().lambdaEndpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        STACK.cloud().accessKey(), STACK.cloud().secretKey())))
            .build()) {
      var unused =
          lambda
              .updateFunctionConfiguration(r -> r.functionName(LambdaStack.SHORT).timeout(seconds))
              .join();
    }
  }

  /** Of the function: the stack lists one function after the other. */
  private static List<InvocationRecord> invocations() throws IOException {
    return STACK.admin().invocations().stream()
        .filter(run -> run.function().equals(LambdaStack.SHORT))
        .toList();
  }

  @Test
  void workerEndsAtTheLimitThatItsDriverKnowsAndTheNextTryHasTheNewOne() throws IOException {
    changeTimeLimit(2);
    try (JavaSparkContext spark =
        new JavaSparkContext(STACK.lambdaConf().setMaster("lambda://" + LambdaStack.SHORT))) {
      changeTimeLimit(60);
      int before = invocations().size();

      List<Integer> result =
          spark.parallelize(List.of(7), 1).map(FaultTasks.slow(7, 3_000)).collect();

      assertThat(result).containsExactly(7);
      List<InvocationRecord> all = invocations();
      List<InvocationRecord> ofTheJob = all.subList(before, all.size());
      assertThat(ofTheJob).hasSize(2);
      assertThat(ofTheJob.get(0).error()).isEqualTo("Runtime.ExitError");
      assertThat(ofTheJob.get(0).durationMillis()).isGreaterThanOrEqualTo(2_000);
      assertThat(ofTheJob.get(1).error()).isNull();
      assertThat(ofTheJob.get(1).durationMillis()).isGreaterThan(3_000);
    }
  }
}
