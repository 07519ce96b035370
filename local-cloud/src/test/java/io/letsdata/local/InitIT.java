package io.letsdata.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
    LocalCloudOptions options =
        LocalCloudOptions.of(TestCloud.dist())
            .withInitLimit(Duration.ofSeconds(2))
            .withIdleLimit(Duration.ofSeconds(1));
    for (String name : new String[] {"slow-once", "exit-once", "fail", "plain"}) {
      ToyFunction toy = ToyFunction.write(folder.resolve(name), name);
      String init = name.endsWith("-once") ? name + " " + folder.resolve(name + ".done") : name;
      options =
          options.withFunction(
              FunctionSpec.of(toy.definition(name), toy.zip(), 1)
                  .withEnvironment("TOY_INIT", init));
    }
    cloud = LocalCloud.start(options);
    lambda = TestCloud.lambdaClient(cloud, LocalCloud.ACCESS_KEY);
  }

  @AfterAll
  static void stop() {
    lambda.close();
    cloud.close();
  }

  @Test
  void initOverItsLimitIsDoneAgainWithinTheInvocation() throws Exception {
    InvokeResponse response = invoke("slow-once");

    assertThat(response.functionError()).isNull();
    assertThat(logOf("slow-once")).contains("INIT_REPORT Init Duration: ", "Status: timeout");
  }

  @Test
  void initThatExitsIsDoneAgainWithinTheInvocation() throws Exception {
    InvokeResponse response = invoke("exit-once");

    assertThat(response.functionError()).isNull();
    assertThat(logOf("exit-once")).contains("Phase: init", "Status: error");
  }

  @Test
  void initThatFailsTwiceFailsTheInvocation() {
    InvokeResponse response = invoke("fail");

    assertThat(response.functionError()).isEqualTo("Unhandled");
    assertThat(response.payload().asUtf8String()).contains("planned failure of init");
  }

  @Test
  void idleEnvironmentEndsAfterItsTime() throws Exception {
    var unused = invoke("plain");
    long pid =
        cloud.admin().environments().stream()
            .filter(environment -> environment.function().equals("plain"))
            .findFirst()
            .orElseThrow()
            .pid();

    await().until(() -> Processes.isGone(pid));

    assertThat(cloud.admin().environments())
        .noneMatch(environment -> environment.function().equals("plain"));
  }

  @Test
  void moreThanTenRequestsPerConcurrencyAndSecondAreThrottled() {
    int throttled = 0;
    for (int i = 0; i < 200; i++) {
      try {
        InvokeResponse unused =
            lambda.invoke(
                r -> r.functionName("plain").payload(SdkBytes.fromUtf8String("{\"do\":\"log\"}")));
      } catch (TooManyRequestsException e) {
        assertThat(e.reasonAsString()).isEqualTo("ReservedFunctionInvocationRateLimitExceeded");
        throttled++;
      }
    }

    assertThat(throttled).isPositive();
  }

  private static InvokeResponse invoke(String function) {
    return lambda.invoke(r -> r.functionName(function).payload(SdkBytes.fromUtf8String("{}")));
  }

  private static String logOf(String function) throws Exception {
    try (var logs = java.nio.file.Files.list(cloud.home().resolve("logs/" + function))) {
      return java.nio.file.Files.readString(logs.findFirst().orElseThrow());
    }
  }
}
