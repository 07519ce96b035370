// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import static io.letsdata.local.TestCloud.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvalidRequestContentException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.RequestTooLargeException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.ThrottleReason;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** The Invoke API, as an unmodified client of the SDK sees it. */
class InvokeIT {

  private static TestCloud test;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    test = TestCloud.start(folder, 2, spec -> spec, LocalCloudOptions.Builder::noRateLimit);
  }

  @AfterAll
  static void stop() {
    test.close();
  }

  @Test
  void functionAnswersItsPayload() throws Exception {
    InvokeResponse response = test.invoke("echo", "hello");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.functionError()).isNull();
    assertThat(response.executedVersion()).isEqualTo("$LATEST");
    assertThat(TestCloud.members(response))
        .containsAllEntriesOf(
            Map.of("echo", "hello", "arn", "arn:aws:lambda:us-east-1:000000000000:function:toy"))
        .containsEntry("requestId", response.responseMetadata().requestId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "toy",
        "toy:live",
        "arn:aws:lambda:us-east-1:000000000000:function:toy",
        "arn:aws:lambda:eu-west-1:123456789012:function:toy:7",
        "123456789012:function:toy"
      })
  void functionIsFoundByNameArnAndQualifier(String reference) {
    InvokeResponse response = test.lambda().invoke(request -> request.functionName(reference));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.functionError()).isNull();
  }

  @Test
  void changedTimeLimitHoldsForLaterInvocations(@TempDir Path folder) throws Exception {
    Path released = folder.resolve("released");
    Future<InvokeResponse> earlier = test.invokeAndHold(1, released).get(0);
    TestCloud.await()
        .until(
            () ->
                test.cloud().admin().environments().stream()
                    .anyMatch(e -> e.state().equals("BUSY")));
    int limit = test.lambda().getFunctionConfiguration(r -> r.functionName("toy")).timeout();

    changeTimeLimit(limit + 60);
    InvokeResponse later = test.invoke("echo", "x");
    Files.createFile(released);

    assertThat(remainingMillis(later)).isGreaterThan(limit * 1_000);
    assertThat(remainingMillis(earlier.get())).isLessThan(limit * 1_000);
    changeTimeLimit(limit);
    assertThat(remainingMillis(test.invoke("echo", "y"))).isLessThanOrEqualTo(limit * 1_000);
  }

  private static void changeTimeLimit(int seconds) {
    var changed =
        test.lambda().updateFunctionConfiguration(r -> r.functionName("toy").timeout(seconds));
    assertThat(changed.timeout()).isEqualTo(seconds);
  }

  private static int remainingMillis(InvokeResponse response) throws IOException {
    return Integer.parseInt(TestCloud.members(response).get("remainingMillis"));
  }

  @Test
  void unknownFunctionIsNotFound() {
    assertThatExceptionOfType(ResourceNotFoundException.class)
        .isThrownBy(() -> test.lambda().invoke(request -> request.functionName("nobody")))
        .withMessageContaining("function:nobody")
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(404));
  }

  @Test
  void payloadThatIsNotJsonIsRefused() {
    assertThatExceptionOfType(InvalidRequestContentException.class)
        .isThrownBy(
            () ->
                test.lambda()
                    .invoke(r -> r.functionName("toy").payload(SdkBytes.fromUtf8String("{oops"))))
        .withMessageContaining("Could not parse request body into json");
  }

  @Test
  void payloadOfSixMegabytesIsTakenAndOneByteMoreIsNot() {
    SdkBytes fits = payloadOfBytes(6 * 1024 * 1024);
    SdkBytes tooLarge = payloadOfBytes(6 * 1024 * 1024 + 1);

    assertThat(test.lambda().invoke(r -> r.functionName("toy").payload(fits)).functionError())
        .isNull();
    assertThatExceptionOfType(RequestTooLargeException.class)
        .isThrownBy(() -> test.lambda().invoke(r -> r.functionName("toy").payload(tooLarge)))
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(413));
  }

  @Test
  void eventPayloadIsLimitedToOneMegabyte() {
    SdkBytes tooLarge = payloadOfBytes(1024 * 1024 + 1);

    assertThatExceptionOfType(RequestTooLargeException.class)
        .isThrownBy(
            () ->
                test.lambda()
                    .invoke(
                        r ->
                            r.functionName("toy")
                                .invocationType(InvocationType.EVENT)
                                .payload(tooLarge)));
  }

  @Test
  void responseOfMoreThanSixMegabytesIsAnError() throws Exception {
    InvokeResponse response = test.invoke("big", Integer.toString(6 * 1024 * 1024 + 1));

    assertThat(response.functionError()).isEqualTo("Unhandled");
    assertThat(response.payload().asUtf8String())
        .contains("Function.ResponseSizeTooLarge")
        .contains("exceeded maximum allowed payload size (6291556 bytes)");
    assertThat(test.invoke("big", "6000000").functionError()).isNull();
  }

  @Test
  void dryRunChecksAndDoesNotRun(@TempDir Path folder) {
    Path file = folder.resolve("touched");

    InvokeResponse response =
        test.lambda()
            .invoke(
                r ->
                    r.functionName("toy")
                        .invocationType(InvocationType.DRY_RUN)
                        .payload(request("touch", file.toString())));

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(file).doesNotExist();
  }

  @Test
  void eventIsAcceptedAndRunLater(@TempDir Path folder) {
    Path file = folder.resolve("touched");

    InvokeResponse response = event("touch", file.toString());

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.payload().asByteArray()).isEmpty();
    await().until(() -> Files.exists(file));
  }

  @Test
  void failedEventIsRunThreeTimes() throws Exception {
    InvokeResponse response = event("fail", "an event that fails");
    String id = response.responseMetadata().requestId();

    await()
        .untilAsserted(
            () ->
                assertThat(test.cloud().admin().invocations())
                    .filteredOn(run -> run.requestId().equals(id))
                    .hasSize(3));
  }

  @Test
  void functionsExceptionIsTold() throws Exception {
    InvokeResponse response = test.invoke("fail", "planned");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.functionError()).isEqualTo("Unhandled");
    assertThat(response.payload().asUtf8String())
        .contains("\"errorMessage\":\"planned\"", "java.lang.IllegalArgumentException");
  }

  @Test
  void logTailIsTheEndOfTheInvocationsLog() throws Exception {
    InvokeResponse response = test.invoke("log", "x".repeat(5000) + " the end");

    byte[] tail = Base64.getDecoder().decode(response.logResult());
    String id = response.responseMetadata().requestId();
    assertThat(tail).hasSize(4096);
    assertThat(new String(tail, StandardCharsets.UTF_8))
        .contains("x the end\n", "END RequestId: " + id, "REPORT RequestId: " + id + "\tDuration: ")
        .endsWith("\n");
  }

  @Test
  void reportOfColdStartBillsItsInit() throws Exception {
    test.endEnvironments();

    String cold = log(test.invoke("echo", ""));
    String warm = log(test.invoke("echo", ""));

    assertThat(cold)
        .containsPattern("START RequestId: .* Version: \\$LATEST\n")
        .containsPattern(
            "\tMemory Size: 256 MB\tMax Memory Used: \\d+ MB\tInit Duration: [0-9.]+ ms");
    double duration = number(cold, "Duration");
    double init = number(cold, "Init Duration");
    assertThat(init).isPositive();
    assertBilled(cold, duration + init);
    assertThat(warm).doesNotContain("Init Duration");
    assertBilled(warm, number(warm, "Duration"));
  }

  /** Started milliseconds are billed; those in the log are rounded to hundredths. */
  private static void assertBilled(String log, double millis) {
    assertThat(number(log, "Billed Duration"))
        .isBetween(Math.ceil(millis - 0.01), Math.ceil(millis + 0.01));
  }

  @Test
  void moreInvocationsThanConcurrencyAreThrottled(@TempDir Path folder) throws Exception {
    test.endEnvironments();
    Path released = folder.resolve("released");

    List<Future<InvokeResponse>> running = test.invokeAndHold(4, released);
    await().until(() -> TestCloud.failures(running).size() == 2);
    Files.createFile(released);
    await().until(() -> running.stream().allMatch(Future::isDone));

    assertThat(TestCloud.failures(running))
        .hasSize(2)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOfSatisfying(
                        TooManyRequestsException.class,
                        e -> {
                          assertThat(e.statusCode()).isEqualTo(429);
                          assertThat(e.reason())
                              .isEqualTo(
                                  ThrottleReason
                                      .RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED);
                        }));
    assertThat(test.cloud().admin().environments()).hasSize(2);
  }

  @Test
  void configurationIsTold() {
    var configuration = test.lambda().getFunctionConfiguration(r -> r.functionName("toy"));
    var function = test.lambda().getFunction(r -> r.functionName("toy"));

    assertThat(configuration.timeout()).isEqualTo(60);
    assertThat(configuration.memorySize()).isEqualTo(256);
    assertThat(Base64.getDecoder().decode(configuration.codeSha256())).hasSize(32);
    assertThat(configuration.architecturesAsStrings()).containsExactly("x86_64");
    assertThat(configuration.ephemeralStorage().size()).isEqualTo(1024);
    assertThat(configuration.handler()).endsWith("ToyHandler::handleRequest");
    assertThat(function.configuration().functionName()).isEqualTo("toy");
    assertThat(function.concurrency().reservedConcurrentExecutions()).isEqualTo(2);
  }

  @Test
  void anotherAccessKeyIsRefused() {
    assertRefused("AKIASTRANGER", test.cloud().secretKey(), "UnrecognizedClientException");
  }

  @Test
  void anotherSecretIsRefused() {
    assertRefused(test.cloud().accessKey(), "another", "InvalidSignatureException");
  }

  @Test
  void namesThatAreEncodedTwiceInASignatureAreAccepted() {
    String arn = "arn:aws:lambda:us-east-1:000000000000:function:toy:$LATEST";

    assertThat(test.lambda().invoke(r -> r.functionName(arn)).statusCode()).isEqualTo(200);
    assertThat(test.lambda().invoke(r -> r.functionName("toy").qualifier("$LATEST")).statusCode())
        .isEqualTo(200);
  }

  private static void assertRefused(String accessKey, String secret, String code) {
    try (LambdaClient stranger = TestCloud.lambdaClient(test.cloud(), accessKey, secret)) {
      assertThatExceptionOfType(LambdaException.class)
          .isThrownBy(() -> stranger.invoke(r -> r.functionName("toy")))
          .satisfies(
              e -> {
                assertThat(e.statusCode()).isEqualTo(403);
                assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
              });
    }
  }

  private static InvokeResponse event(String verb, String argument) {
    return test.lambda()
        .invoke(
            r ->
                r.functionName("toy")
                    .invocationType(InvocationType.EVENT)
                    .payload(request(verb, argument)));
  }

  private static SdkBytes request(String verb, String argument) {
    return SdkBytes.fromUtf8String("{\"do\":\"%s\",\"arg\":\"%s\"}".formatted(verb, argument));
  }

  private static SdkBytes payloadOfBytes(int bytes) {
    String head = "{\"do\":\"log\",\"more\":\"";
    return SdkBytes.fromUtf8String(head + "x".repeat(bytes - head.length() - 2) + "\"}");
  }

  private static String log(InvokeResponse response) {
    return new String(Base64.getDecoder().decode(response.logResult()), StandardCharsets.UTF_8);
  }

  private static double number(String log, String name) {
    var matcher = java.util.regex.Pattern.compile("\t" + name + ": ([0-9.]+) ms").matcher(log);
    assertThat(matcher.find()).isTrue();
    return Double.parseDouble(matcher.group(1));
  }
}
