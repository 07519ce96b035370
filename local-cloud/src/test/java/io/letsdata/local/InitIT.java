// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import static io.letsdata.local.TestCloud.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.letsdata.local.toy.ToyFunction;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/**
 * Init phases that go wrong, idle expiry, the request rate: functions with settings of their own in
 * one stand-in.
 */
class InitIT {

  private static LocalCloud cloud;
  private static LambdaClient lambda;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    LocalCloudOptions.Builder options =
        LocalCloudOptions.builder(TestCloud.dist())
            .initLimit(Duration.ofMinutes(1))
            .idleLimit(Duration.ofSeconds(1))
            .requestsPerConcurrency(1);
    for (String name : new String[] {"exit-once", "fail", "plain", "limited"}) {
      String init = name.endsWith("-once") ? name + " " + folder.resolve(name + ".done") : name;
      options.function(function(folder, name, init));
    }
    cloud = LocalCloud.start(options.build());
    lambda = TestCloud.lambdaClient(cloud, cloud.accessKey(), cloud.secretKey());
  }

  private static FunctionSpec function(Path folder, String name, String init) throws Exception {
    ToyFunction toy = ToyFunction.write(folder.resolve(name), name);
    return FunctionSpec.of(toy.definition(name), toy.zip(), 1)
        .withReservedConcurrency()
        .withEnvironment("TOY_INIT", init);
  }

  @AfterAll
  static void stop() {
    lambda.close();
    cloud.close();
  }

  @Test
  void initOverItsLimitIsDoneAgainWithinTheInvocation(@TempDir Path folder) throws Exception {
    Path home = folder.resolve("home");
    FunctionSpec slow =
        function(folder, "slow-once", "slow-once " + home.resolve("logs/slow-once"));
    LocalCloudOptions options =
        LocalCloudOptions.builder(TestCloud.dist())
            .home(home)
            .initLimit(Duration.ofSeconds(2))
            .function(slow)
            .build();
    try (LocalCloud brief = LocalCloud.start(options);
        LambdaClient client = TestCloud.lambdaClient(brief, brief.accessKey(), brief.secretKey())) {
      InvokeResponse response = invoke(client, "slow-once");

      assertThat(response.functionError()).isNull();
      assertThat(logOf(brief, "slow-once"))
          .contains("INIT_REPORT Init Duration: ", "Status: timeout");
    }
  }

  @Test
  void initThatExitsIsDoneAgainWithinTheInvocation() throws Exception {
    InvokeResponse response = invoke(lambda, "exit-once");

    assertThat(response.functionError()).isNull();
    assertThat(logOf(cloud, "exit-once")).contains("Phase: init", "Status: error");
  }

  @Test
  void initThatFailsTwiceFailsTheInvocation() {
    InvokeResponse response = invoke(lambda, "fail");

    assertThat(response.functionError()).isEqualTo("Unhandled");
    assertThat(response.payload().asUtf8String()).contains("planned failure of init");
  }

  @Test
  void idleEnvironmentEndsAfterItsTime() throws Exception {
    long pid = Long.parseLong(TestCloud.members(invoke(lambda, "plain")).get("pid"));

    await().until(() -> Processes.isGone(pid));

    assertThat(cloud.admin().environments())
        .noneMatch(environment -> environment.function().equals("plain"));
  }

  /** At one a second: the slowest machine sends more than that. */
  @Test
  void moreRequestsThanTheRateAllowsAreThrottled() {
    assertThatExceptionOfType(TooManyRequestsException.class)
        .isThrownBy(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                InvokeResponse unused = invoke(lambda, "limited");
              }
            })
        .satisfies(
            e ->
                assertThat(e.reasonAsString())
                    .isEqualTo("ReservedFunctionInvocationRateLimitExceeded"));
  }

  private static InvokeResponse invoke(LambdaClient client, String function) {
    return client.invoke(r -> r.functionName(function).payload(SdkBytes.fromUtf8String("{}")));
  }

  private static String logOf(LocalCloud cloud, String function) throws Exception {
    try (var logs = java.nio.file.Files.list(cloud.home().resolve("logs/" + function))) {
      return java.nio.file.Files.readString(logs.findFirst().orElseThrow());
    }
  }
}
