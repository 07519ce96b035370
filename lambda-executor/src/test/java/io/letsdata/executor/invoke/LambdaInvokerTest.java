// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.invoke.InvocationOutcome.FailureKind;
import io.letsdata.executor.invoke.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.invoke.InvocationOutcome.Refused;
import io.letsdata.executor.invoke.InvocationOutcome.ResponseLost;
import io.letsdata.executor.invoke.InvocationOutcome.Returned;
import io.letsdata.executor.invoke.InvocationOutcome.Withdrawn;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.options.Options;
import io.letsdata.options.SecretRule;
import io.letsdata.protocol.Messages;
import io.letsdata.store.RequestMeter;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;

final class LambdaInvokerTest {
  private final HandTimer timer = new HandTimer();
  private final FakeLambda lambda = new FakeLambda();
  private final LambdaInvoker invoker =
      new LambdaInvoker(
          lambda,
          settings(),
          timer,
          Runnable::run,
          new RunAccount(RequestMeter.PROCESS::counts),
          SecretRule.of(Optional.of("pin|token")),
          timer::nowNanos);

  private int sending;

  private static LambdaSettings settings() {
    Map<String, String> conf =
        Map.of(
            "spark.letsdata.run.location", "s3://b/runs",
            "spark.letsdata.lambda.concurrency", "1",
            "spark.letsdata.lambda.unreachable-timeout", "10s");
    return LambdaSettings.from("lambda://f", Options.ofSession(conf));
  }

  private CompletableFuture<InvocationOutcome> invoke() {
    return invoke(() -> true);
  }

  private CompletableFuture<InvocationOutcome> invoke(BooleanSupplier wanted) {
    return invoker.invoke(
        new byte[0],
        Duration.ofMinutes(1),
        new LambdaInvoker.Caller() {
          @Override
          public boolean wanted() {
            return wanted.getAsBoolean();
          }

          @Override
          public void sending() {
            sending++;
          }

          @Override
          public void ranUnseen() {}
        });
  }

  @Test
  void textOfTheFunctionHidesSecretsAndShowsControlCharacters() {
    String log = "START\nlogin with pin=1234\u001b[2J\nREPORT RequestId: r\tDuration: 1.00 ms";
    String error = "{\"errorMessage\":\"token: abc \\u0007\",\"errorType\":\"E\"}";
    InvokeResponse response =
        FakeLambda.response(error.getBytes(StandardCharsets.UTF_8)).toBuilder()
            .functionError("Unhandled")
            .logResult(Base64.getEncoder().encodeToString(log.getBytes(StandardCharsets.UTF_8)))
            .build();
    lambda.plan.add(() -> CompletableFuture.completedFuture(response));

    InvocationOutcome outcome = invoke().join();

    FunctionFailed failed = (FunctionFailed) outcome;
    assertThat(failed.message()).isEqualTo("token: *** \\u0007");
    assertThat(failed.logTail())
        .startsWith("START\nlogin with pin=***")
        .contains("\nREPORT RequestId: r\t")
        .doesNotContain("1234", "\u001b");
  }

  @Test
  void errorInTheClientLosesOnlyItsOwnResponse() {
    lambda.plan.add(
        () -> {
          throw new NoClassDefFoundError("planted");
        });

    CompletableFuture<InvocationOutcome> first = invoke();
    CompletableFuture<InvocationOutcome> second = invoke();

    assertThat(first).isCompletedWithValueMatching(ResponseLost.class::isInstance);
    assertThat(second).isCompletedWithValueMatching(Returned.class::isInstance);
  }

  @Test
  void oneFailedConnectionAfterALongWaitIsRetried() {
    CompletableFuture<InvokeResponse> slow = new CompletableFuture<>();
    lambda.plan.add(() -> slow);
    lambda.plan.add(LambdaInvokerTest::noConnection);
    CompletableFuture<InvocationOutcome> first = invoke();
    CompletableFuture<InvocationOutcome> second = invoke();

    timer.pass(60);
    slow.completeExceptionally(new IllegalStateException("the connection broke"));
    assertThat(second).isNotDone();
    while (!second.isDone() && timer.next()) {}

    assertThat(first).isCompletedWithValueMatching(ResponseLost.class::isInstance);
    assertThat(second).isCompletedWithValueMatching(Returned.class::isInstance);
  }

  @Test
  void unreachableEndpointIsRetriedUntilItsTimeout() {
    lambda.whenUnplanned = LambdaInvokerTest::noConnection;

    CompletableFuture<InvocationOutcome> result = invoke();
    while (!result.isDone() && timer.next()) {}

    assertThat(result)
        .isCompletedWithValueMatching(
            outcome -> outcome instanceof Refused r && r.message().contains("no response for"));
    assertThat(timer.nowNanos())
        .isBetween(Duration.ofSeconds(10).toNanos(), Duration.ofSeconds(16).toNanos());
  }

  @Test
  void responseBetweenFailedConnectionsRestartsTheTimeout() {
    for (int round = 0; round < 12; round++) {
      lambda.plan.add(LambdaInvokerTest::noConnection);
      lambda.plan.add(LambdaInvokerTest::noConnection);
      lambda.plan.add(() -> refused(503));
    }

    CompletableFuture<InvocationOutcome> result = invoke();
    while (!result.isDone() && timer.next()) {}

    assertThat(result).isCompletedWithValueMatching(Returned.class::isInstance);
    assertThat(timer.nowNanos()).isGreaterThan(Duration.ofSeconds(20).toNanos());
  }

  @Test
  void killedInvocationThatWasThrottledIsNotRetriedAndFreesItsRoom() {
    lambda.plan.add(() -> refused(429));
    AtomicBoolean wanted = new AtomicBoolean(true);
    CompletableFuture<InvocationOutcome> killed = invoke(wanted::get);

    wanted.set(false);
    while (!killed.isDone() && timer.next()) {}

    assertThat(killed).isCompletedWithValueMatching(Withdrawn.class::isInstance);
    assertThat(lambda.sent).isEqualTo(1);
    assertThat(invoker.room()).isEqualTo(1);
  }

  @Test
  void killedInvocationInTheQueueIsNeverSent() {
    CompletableFuture<InvokeResponse> slow = new CompletableFuture<>();
    lambda.plan.add(() -> slow);
    AtomicBoolean wanted = new AtomicBoolean(true);
    CompletableFuture<InvocationOutcome> first = invoke();
    CompletableFuture<InvocationOutcome> killed = invoke(wanted::get);
    CompletableFuture<InvocationOutcome> last = invoke();

    wanted.set(false);
    slow.completeExceptionally(new IllegalStateException("the connection broke"));

    assertThat(first).isDone();
    assertThat(killed).isCompletedWithValueMatching(Withdrawn.class::isInstance);
    assertThat(last).isCompletedWithValueMatching(Returned.class::isInstance);
    assertThat(lambda.sent).isEqualTo(2);
    assertThat(invoker.room()).isEqualTo(1);
  }

  @Test
  void killedInvocationBehindOthersIsWithdrawnAtOnce() {
    lambda.plan.add(CompletableFuture::new);
    AtomicBoolean wanted = new AtomicBoolean(true);
    CompletableFuture<InvocationOutcome> endless = invoke();
    CompletableFuture<InvocationOutcome> waiting = invoke();
    CompletableFuture<InvocationOutcome> killed = invoke(wanted::get);

    wanted.set(false);
    invoker.withdrawUnwanted();

    assertThat(killed).isCompletedWithValueMatching(Withdrawn.class::isInstance);
    assertThat(waiting).isNotDone();
    assertThat(endless).isNotDone();
    assertThat(lambda.sent).isEqualTo(1);
  }

  @Test
  void errorWhileAFailureIsClassifiedReleasesThePermit() {
    lambda.plan.add(() -> CompletableFuture.failedFuture(new Unreadable()));

    CompletableFuture<InvocationOutcome> first = invoke();
    CompletableFuture<InvocationOutcome> second = invoke();

    assertThat(first).isCompletedWithValueMatching(ResponseLost.class::isInstance);
    assertThat(second).isCompletedWithValueMatching(Returned.class::isInstance);
  }

  @Test
  void environmentThatEndedForAnotherApplicationIsReplacedByAnother() {
    lambda.plan.add(() -> exited("exit status 75", Messages.OTHER_APPLICATION));
    lambda.plan.add(() -> exited("exit status 75", Messages.OTHER_APPLICATION));

    CompletableFuture<InvocationOutcome> result = invoke();
    while (!result.isDone() && timer.next()) {}

    assertThat(result).isCompletedWithValueMatching(Returned.class::isInstance);
    assertThat(lambda.sent).isEqualTo(3);
  }

  @Test
  void codeThatExitsWithTheSameStatusIsNotRunAgain() {
    lambda.plan.add(() -> exited("exit status 75", "the last line of a task"));

    assertThat(invoke())
        .isCompletedWithValueMatching(
            outcome ->
                outcome instanceof FunctionFailed failed && failed.kind() == FailureKind.CRASH);
    assertThat(lambda.sent).isEqualTo(1);
  }

  @Test
  void environmentsOfOtherApplicationsEndTheInvocationAtLast() {
    lambda.whenUnplanned = () -> exited("exit status 75", Messages.OTHER_APPLICATION);

    CompletableFuture<InvocationOutcome> result = invoke();
    while (!result.isDone() && timer.next()) {}

    assertThat(result)
        .isCompletedWithValueMatching(
            outcome ->
                outcome instanceof FunctionFailed failed
                    && failed.kind() == FailureKind.OTHER_APPLICATION);
    assertThat(lambda.sent).isEqualTo(1_001);
  }

  private static CompletableFuture<InvokeResponse> exited(String status, String log) {
    String error =
        "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: r Error: Runtime exited with error: %s\"}"
            .formatted(status);
    return CompletableFuture.completedFuture(
        FakeLambda.response(error.getBytes(StandardCharsets.UTF_8)).toBuilder()
            .functionError("Unhandled")
            .logResult(Base64.getEncoder().encodeToString(log.getBytes(StandardCharsets.UTF_8)))
            .build());
  }

  @Test
  void callerIsCalledBeforeEachRequest() {
    lambda.plan.add(() -> refused(503));
    lambda.plan.add(
        () -> {
          assertThat(sending).isEqualTo(2);
          return FakeLambda.ran();
        });

    CompletableFuture<InvocationOutcome> result = invoke();
    while (!result.isDone() && timer.next()) {}

    assertThat(result).isCompletedWithValueMatching(Returned.class::isInstance);
    assertThat(sending).isEqualTo(2);
  }

  /** An exception whose class cannot be made sense of. */
  private static final class Unreadable extends SdkClientException {
    private static final long serialVersionUID = 1;

    Unreadable() {
      super(SdkClientException.builder());
    }

    @Override
    public String getMessage() {
      throw new NoClassDefFoundError("planted");
    }
  }

  private static CompletableFuture<InvokeResponse> refused(int status) {
    return CompletableFuture.failedFuture(
        LambdaException.builder().statusCode(status).message("planted").build());
  }

  private static CompletableFuture<InvokeResponse> noConnection() {
    return CompletableFuture.failedFuture(
        SdkClientException.create("planted", new ConnectException("refused")));
  }
}
