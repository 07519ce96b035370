// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.letsdata.executor.account.RunReport;
import io.letsdata.executor.spark.RunReports;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.faults.CannedLambda.Reply;
import io.letsdata.it.tasks.FaultTasks;
import io.letsdata.local.admin.Fault;
import io.letsdata.local.admin.Fault.Kind;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.TaskResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;

/**
 * Every way in which an Invoke can fail: what is sent again and never counts, what ends a stage at
 * once, and what the user reads.
 */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class InvokeFaultsIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final String REQUEST = "request [0-9a-f]{8}-[0-9a-f-]{27}";

  private static SparkConf conf() {
    return STACK.lambdaConf().set("spark.task.maxFailures", "1");
  }

  private static SparkConf canned(CannedLambda lambda) {
    return STACK.lambdaConf().set("spark.letsdata.lambda.endpoint", lambda.endpoint());
  }

  /** Runs one task with {@code body} in a session of its own and gives what the user reads. */
  private static String failure(SparkConf conf, Function<Integer, Integer> body) {
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      return String.valueOf(
          catchThrowable(() -> spark.parallelize(List.of(1), 1).map(body).collect()).getMessage());
    }
  }

  private static void nothings(JavaSparkContext spark, int tasks) {
    spark
        .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
        .foreachPartition(FaultTasks.nothing());
  }

  private static long invocationsOf(String function) throws IOException {
    return STACK.admin().invocations().stream().filter(i -> i.function().equals(function)).count();
  }

  @Test
  void throttlingAndServiceErrorsNeverCountAgainstATask() throws IOException {
    STACK.admin().plan(Fault.next(Kind.THROTTLE).times(4));
    STACK.admin().plan(Fault.next(Kind.RATE_EXCEEDED).times(2));
    STACK.admin().plan(Fault.next(Kind.SERVICE_ERROR).times(2));
    STACK.admin().plan(Fault.next(Kind.SERVICE_ERROR_AFTER).times(2));

    RunReport report;
    try (JavaSparkContext spark = new JavaSparkContext(conf())) {
      nothings(spark, 12);
      report = RunReports.of(spark.sc());
    }

    assertThat(report.tasks()).isEqualTo(12);
    assertThat(report.retriedInvocations()).isEqualTo(10);
    assertThat(STACK.admin().pendingFaults()).isEmpty();
  }

  @Test
  void neverMoreInFlightThanConfiguredWhateverIsSentBack() throws IOException {
    try (CannedLambda lambda =
            new CannedLambda(
                (n, payload) ->
                    switch (n % 5) {
                      case 1 ->
                          Reply.error(
                              429,
                              "TooManyRequestsException",
                              "Rate Exceeded.",
                              "ConcurrentInvocationLimitExceeded");
                      case 3 -> Reply.error(503, "ServiceException", "later", "");
                      default -> CannedLambda.success(payload);
                    });
        JavaSparkContext spark =
            new JavaSparkContext(
                canned(lambda)
                    .set("spark.task.maxFailures", "1")
                    .set("spark.letsdata.lambda.concurrency", "3"))) {
      nothings(spark, 30);

      assertThat(lambda.mostInFlight()).isBetween(1, 3);
      assertThat(lambda.invocations()).isGreaterThanOrEqualTo(30);
    }
  }

  @Test
  void invocationInFlightNeedsNoThread() throws IOException {
    int slots = 100;
    CountDownLatch allThere = new CountDownLatch(slots);
    AtomicLong threads = new AtomicLong();
    long before = driverThreads(); // of sessions and clients of other tests
    try (CannedLambda lambda =
            new CannedLambda(
                (n, payload) -> {
                  allThere.countDown();
                  allThere.await();
                  threads.accumulateAndGet(driverThreads(), Math::max);
                  return CannedLambda.success(payload);
                });
        JavaSparkContext spark =
            new JavaSparkContext(
                canned(lambda).set("spark.letsdata.lambda.concurrency", String.valueOf(slots)))) {
      nothings(spark, slots);

      assertThat(lambda.mostInFlight()).isEqualTo(slots);
      assertThat(threads.get() - before).isLessThan(60);
    }
  }

  /** Ours and the SDK's. */
  private static long driverThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("letsdata-") || name.startsWith("sdk-"))
        .count();
  }

  @Test
  void serviceThatStaysDownEndsTheStageWithAReason() throws IOException {
    try (CannedLambda lambda =
        new CannedLambda((n, payload) -> Reply.error(500, "ServiceException", "on fire", ""))) {
      String message =
          failure(
              canned(lambda).set("spark.letsdata.lambda.unavailable-timeout", "2s"),
              FaultTasks.endless());

      assertThat(message).contains("Lambda has run nothing for", "on fire", "unavailable-timeout");
    }
  }

  @Test
  void missingPermissionEndsTheStageAtOnce() throws IOException {
    long before = STACK.admin().invocations().size();
    STACK.admin().plan(Fault.next(Kind.FORBIDDEN));

    String message = failure(conf().set("spark.task.maxFailures", "4"), FaultTasks.endless());

    assertThat(message).contains("not authorized", "Allow lambda:InvokeFunction");
    assertThat(STACK.admin().invocations()).hasSize((int) before);
  }

  @Test
  void wrongHandlerEndsTheStageAtOnce() throws IOException {
    String message =
        failure(
            STACK.lambdaConf().setMaster("lambda://" + LambdaStack.BROKEN), FaultTasks.endless());

    assertThat(message).contains("did not start", "io.letsdata.NoSuchHandler", "its handler");
    assertThat(message).containsPattern(REQUEST);
    assertThat(invocationsOf(LambdaStack.BROKEN)).isEqualTo(1);
  }

  @Test
  void workerOfAnotherVersionRefusesByName() throws Exception {
    try (JavaSparkContext spark = new JavaSparkContext(conf())) {
      nothings(spark, 1);
    }
    ObjectMapper json = new ObjectMapper();
    ObjectNode payload;
    try (Stream<Path> files = Files.walk(STACK.payloads())) {
      Path any = files.filter(f -> f.toString().endsWith(".json")).findFirst().orElseThrow();
      payload = (ObjectNode) json.readTree(any.toFile());
    }
    payload.put("fieldOfALaterVersion", 1);
    payload.withObject("/session").put("build", "letsdata-9/spark-9.0.0");
    TaskResponse response;
    try (LambdaAsyncClient client =
        LambdaAsyncClient.builder()
            .endpointOverride(STACK.cloud().lambdaEndpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        STACK.cloud().accessKey(), STACK.cloud().secretKey())))
            .build()) {
      byte[] body = json.writeValueAsBytes(payload);
      response =
          Messages.decode(
              client
                  .invoke(
                      r ->
                          r.functionName(LambdaStack.FUNCTION)
                              .payload(SdkBytes.fromByteArray(body)))
                  .join()
                  .payload()
                  .asByteArray(),
              TaskResponse.class);
    }

    assertThat(response)
        .isInstanceOfSatisfying(
            TaskResponse.NotStarted.class,
            refused ->
                assertThat(refused.problem())
                    .contains(
                        "driver and worker differ",
                        "letsdata-9/spark-9.0.0",
                        Messages.BUILD,
                        "Deploy"));
  }

  @Test
  void problemOfAWorkerEndsTheStageAtOnce() throws IOException {
    try (CannedLambda lambda =
        new CannedLambda(
            (n, payload) ->
                Reply.of(
                    Messages.encode(
                        new TaskResponse.NotStarted(
                            payload.path("dispatch").asText(),
                            "i",
                            "driver and worker differ"))))) {
      String message = failure(canned(lambda), FaultTasks.endless());

      assertThat(message).contains("cannot run tasks: driver and worker differ");
      assertThat(message).containsPattern(REQUEST);
      assertThat(lambda.invocations()).isEqualTo(1);
    }
  }

  @Test
  void functionThatIsNoWorkerIsNamed() throws IOException {
    try (CannedLambda lambda =
        new CannedLambda(
            (n, payload) -> Reply.of("\"Hello from Lambda!\"".getBytes(StandardCharsets.UTF_8)))) {
      String message = failure(canned(lambda), FaultTasks.endless());

      assertThat(message)
          .contains(
              "sent a response that this driver", Messages.BUILD, "Deploy the worker function");
      assertThat(lambda.invocations()).isEqualTo(1);
    }
  }

  @Test
  void oversizedResponseEndsTheStageAtOnce() throws IOException {
    try (CannedLambda lambda =
        new CannedLambda(
            (n, payload) ->
                Reply.functionError(
                    "Function.ResponseSizeTooLarge",
                    "Response payload size exceeded maximum allowed payload size."))) {
      String message = failure(canned(lambda), FaultTasks.endless());

      assertThat(message).contains("larger than the 6 MB that Lambda carries", "size exceeded");
      assertThat(lambda.invocations()).isEqualTo(1);
    }
  }

  @Test
  void oversizedPayloadIsNamedWithItsSetting() throws IOException {
    try (CannedLambda lambda =
        new CannedLambda(
            (n, payload) -> Reply.error(413, "RequestTooLargeException", "too large", ""))) {
      assertThat(failure(canned(lambda), FaultTasks.endless()))
          .contains("too large", "Lower spark.letsdata.lambda.payload-limit");
      assertThat(lambda.invocations()).isEqualTo(1);
    }
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void usersExceptionHasRequestAndLogBesideIt() {
    String message = failure(conf(), FaultTasks.failing());

    assertThat(message)
        .contains("java.lang.IllegalStateException: the user's own words")
        .contains("at io.letsdata.it.tasks.FaultTasks")
        .containsPattern("log group /aws/lambda/letsdata-worker, stream [^ .]+")
        .contains("printed by the task");
    assertThat(message).containsPattern(REQUEST);
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void crashIsNamedWithRequestAndLog() {
    String message = failure(conf(), FaultTasks.exiting());

    assertThat(message)
        .contains("crashed", "exit status 3", "printed before the end", "partition 0");
    assertThat(message).containsPattern(REQUEST + ", log group [^ ,]+, stream [^ .]+");
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void memoryThatRanOutIsNamedWithTheLimit() throws IOException {
    STACK.admin().plan(Fault.next(Kind.CRASH).millis(500)); // the kernel's word for it: killed

    String message = failure(conf(), FaultTasks.endless());

    assertThat(message).containsPattern("ran out of memory: it has [0-9]+ MB");
    assertThat(message).contains("Raise the function's memory").containsPattern(REQUEST);
  }

  @Test
  void secondTimeoutOfATaskEndsTheStage() throws IOException {
    String message =
        failure(
            STACK.lambdaConf().setMaster("lambda://" + LambdaStack.BRIEF), FaultTasks.endless());

    assertThat(message)
        .contains("Timeout 2 of 2", "partition 0", "the function's time limit of 3 s")
        .contains("more memory", "smaller or splittable files");
    assertThat(message).containsPattern(REQUEST);
    assertThat(invocationsOf(LambdaStack.BRIEF)).isEqualTo(2);
  }

  @Test
  @ExpectedErrors(ExpectedErrors.NO_START)
  void connectionRefusedIsFoundOutWhicheverThreadsMeet() {
    // The SDK's first connection of a client can be forgotten when it is refused at once; which of
    // its threads meet changes from session to session.
    for (int session = 0; session < 3; session++) {
      assertThatThrownBy(
              () ->
                  new JavaSparkContext(
                      STACK
                          .lambdaConf()
                          .set("spark.letsdata.lambda.endpoint", "http://127.0.0.1:1")
                          .set("spark.letsdata.lambda.unreachable-timeout", "1s")))
          .hasMessageContaining("no response for");
    }
  }
}
