// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.invoke.FakeLambda;
import io.letsdata.executor.invoke.HandTimer;
import io.letsdata.executor.invoke.LambdaInvoker;
import io.letsdata.executor.settings.Architecture;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.spark.publish.RunContext;
import io.letsdata.executor.spark.publish.StageInputs;
import io.letsdata.executor.spark.publish.TimeoutCounts;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.options.Options;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.Holder;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.RunLayout;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.TaskState;
import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.RequestCounts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.JobArtifactSet;
import org.apache.spark.scheduler.TaskDescription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.DefaultAwsResponseMetadata;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.LambdaResponseMetadata;

/**
 * The rows of the table in this package's documentation, in its order. A task is counted before it
 * is reported, so that a run report that follows an action has all its tasks.
 */
final class DispatchTransitionsTest {
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Duration ALIVE = LambdaInvoker.aliveAtMost(LIMIT);
  private static final FunctionInfo FUNCTION =
      new FunctionInfo(LIMIT, 2048, Architecture.ARM64, "/aws/lambda/f");
  private static final StageInputs.Published INPUTS =
      new StageInputs.Published(Map.of(), Map.of(), List.of());

  private final HandTimer timer = new HandTimer();
  private final FakeLambda lambda = new FakeLambda();
  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final RunLayout layout = new RunLayout(ObjectLocation.parse("s3://b/runs/app"));
  private final RunAccount account = new RunAccount(() -> RequestCounts.ZERO);
  private final LambdaSettings settings = settings();
  private final RunContext run =
      new RunContext(
          settings,
          FUNCTION,
          store,
          layout,
          new LambdaInvoker(lambda, settings, timer, Runnable::run, account),
          account,
          new RunContext.Threads(Runnable::run, timer));
  private final Reports reports = new Reports();
  private final TimeoutCounts timeouts = new TimeoutCounts();
  private final List<CompletableFuture<InvokeResponse>> sent = new ArrayList<>();
  private final OutputRegistry offsets =
      new OutputRegistry(
          () -> {
            throw new IllegalStateException("no shuffle here");
          },
          DriverBounds.DEFAULT);
  private boolean payloadFails;
  private final Dispatching dispatching =
      new Dispatching(
          run, (dispatch, inputs) -> payload(), offsets, cached -> {}, reports, timer::nowNanos);
  private long lastTask;

  private static LambdaSettings settings() {
    Map<String, String> conf =
        Map.of(
            "spark.letsdata.run.location", "s3://b/runs",
            "spark.letsdata.lambda.concurrency", "2",
            "spark.letsdata.lambda.timeouts-per-task", "2");
    return LambdaSettings.from("lambda://f", Options.ofSession(conf));
  }

  private byte[] payload() throws IOException {
    if (payloadFails) {
      throw new IOException("planted");
    }
    return new byte[1];
  }

  /** Keeps the first report of each task, and how many tasks the account had then. */
  private final class Reports implements TaskReporter {
    final List<String> of = new ArrayList<>();
    final List<Long> accountedFor = new ArrayList<>();
    String reason = "";

    private void report(TaskDispatch dispatch, String end) {
      if (dispatch.claimReport()) {
        of.add(dispatch.description().taskId() + " " + end);
        accountedFor.add(account.report().tasks());
      }
    }

    @Override
    public void executorReported(TaskDispatch d, TaskState state, byte[] data, String note) {
      report(d, state.name());
    }

    @Override
    public void lost(TaskDispatch dispatch, String why) {
      reason = why;
      report(dispatch, "lost");
    }

    @Override
    public void killed(TaskDispatch dispatch, String why) {
      report(dispatch, "killed");
    }

    @Override
    public void abortStage(TaskDispatch dispatch, String why) {
      reason = why;
      report(dispatch, "aborted");
    }
  }

  /** Starts the next attempt of the one partition of a result stage. */
  private TaskDispatch start(CompletableFuture<StageInputs.Published> published) {
    lambda.whenUnplanned =
        () -> {
          CompletableFuture<InvokeResponse> response = new CompletableFuture<>();
          sent.add(response);
          return response;
        };
    TaskDescription description =
        new TaskDescription(
            lastTask++,
            0,
            "lambda-0",
            "task",
            0,
            0,
            JobArtifactSet.emptyJobArtifactSet(),
            new Properties(),
            1,
            scala.collection.immutable.Map$.MODULE$.empty(),
            ByteBuffer.allocate(0));
    StageInputs inputs = new StageInputs(3, true, false, timeouts, published);
    TaskDispatch dispatch = dispatching.dispatch(description, inputs);
    var unused = dispatching.start(dispatch);
    return dispatch;
  }

  private TaskDispatch start() {
    return start(CompletableFuture.completedFuture(INPUTS));
  }

  private int generation() {
    return dispatching.commitRights().generation(3, 0);
  }

  private void takeRight(TaskDispatch dispatch, String nonce, String request) throws IOException {
    assertThat(
            store.putIfAbsent(
                layout.commit(3, 0, dispatch.commitGeneration()),
                ObjectContent.ofUtf8(new Holder(dispatch.id(), nonce, request).text())))
        .isTrue();
  }

  private static byte[] ended(
      TaskDispatch dispatch, String nonce, TaskState state, @Nullable Holder deniedBy) {
    return ended(dispatch.id(), nonce, state, Blob.of(new byte[0]), deniedBy);
  }

  private static byte[] ended(
      String dispatch, String nonce, TaskState state, Blob result, @Nullable Holder deniedBy) {
    return Messages.encode(
        new TaskResponse.Ended(
            dispatch, nonce, state, result, false, deniedBy, List.of(), List.of(), Map.of(), null));
  }

  /** The invocation, by the order in which they were sent, returns {@code body}. */
  private void returns(int invocation, byte[] body) {
    sent.get(invocation).complete(FakeLambda.response(body));
  }

  private void fails(int invocation, String type, String message, String logTail) {
    fails(invocation, type, message, logTail, "request-of-" + invocation);
  }

  private void fails(int invocation, String type, String message, String logTail, String request) {
    String body = "{\"errorType\":\"%s\",\"errorMessage\":\"%s\"}".formatted(type, message);
    InvokeResponse.Builder response =
        FakeLambda.response(body.getBytes(UTF_8)).toBuilder()
            .functionError("Unhandled")
            .logResult(Base64.getEncoder().encodeToString(logTail.getBytes(UTF_8)));
    response.responseMetadata(
        LambdaResponseMetadata.create(
            DefaultAwsResponseMetadata.create(Map.of("AWS_REQUEST_ID", request))));
    sent.get(invocation).complete(response.build());
  }

  private void loses(int invocation) {
    sent.get(invocation).completeExceptionally(new IOException("connection reset"));
  }

  private void storeResponse(TaskDispatch dispatch, String nonce, TaskState state)
      throws IOException {
    String unused =
        store.put(
            layout.response(dispatch.id()), ObjectContent.of(ended(dispatch, nonce, state, null)));
  }

  private void untilReported() {
    while (reports.of.isEmpty() && timer.next()) {}
  }

  private void assertSettled(TaskDispatch dispatch, String... expected) {
    assertThat(reports.of).containsExactly(expected);
    assertThat(dispatch.ended()).isDone();
  }

  private void assertNotSettled(TaskDispatch dispatch) {
    assertThat(reports.of).isEmpty();
    assertThat(dispatch.ended()).isNotDone();
  }

  @Test
  void publishedInputsInvokeTheFunction() {
    CompletableFuture<StageInputs.Published> published = new CompletableFuture<>();
    TaskDispatch task = start(published);
    assertThat(sent).isEmpty();

    published.complete(INPUTS);

    assertThat(sent).hasSize(1);
    assertNotSettled(task);
  }

  @Test
  void failedPublishingAbortsTheStage() {
    TaskDispatch task = start(CompletableFuture.failedFuture(new IOException("planted")));

    assertSettled(task, "0 aborted");
    assertThat(reports.reason).isEqualTo("Cannot publish the inputs of the stage: planted");
    assertThat(sent).isEmpty();
  }

  @Test
  void killWhilePublishingIsReportedAtOnceAndSettledAfterPublishing() {
    CompletableFuture<StageInputs.Published> published = new CompletableFuture<>();
    TaskDispatch task = start(published);

    dispatching.kill(0, "cancelled");
    assertThat(reports.of).containsExactly("0 killed");
    assertThat(task.ended()).isNotDone();
    published.complete(INPUTS);

    assertSettled(task, "0 killed");
    assertThat(sent).isEmpty();
  }

  @Test
  void payloadThatCannotBeBuiltAbortsTheStage() {
    payloadFails = true;

    TaskDispatch task = start();

    assertSettled(task, "0 aborted");
    assertThat(reports.reason).startsWith("Cannot build the payload of task 0");
  }

  @Test
  void killBeforeTheRequestIsSentWithdrawsTheInvocation() {
    start();
    start();
    TaskDispatch waiting = start();
    assertThat(sent).hasSize(2);

    dispatching.kill(2, "cancelled");

    assertSettled(waiting, "2 killed");
    assertThat(sent).hasSize(2);
  }

  @Test
  void killOfARunningTaskRaisesTheFlagAndTheResponseSettlesIt() throws IOException {
    TaskDispatch task = start();

    dispatching.kill(0, "cancelled");
    assertThat(reports.of).containsExactly("0 killed");
    assertThat(store.stat(layout.kill(task.id()))).isPresent();
    assertThat(task.ended()).isNotDone();
    returns(0, ended(task, "only", TaskState.KILLED, null));

    assertSettled(task, "0 killed");
  }

  @Test
  void refusedRequestAbortsTheStage() {
    TaskDispatch task = start();

    sent.get(0)
        .completeExceptionally(
            LambdaException.builder().statusCode(403).message("planted").build());

    assertSettled(task, "0 aborted");
  }

  @ParameterizedTest
  @CsvSource({"FINISHED", "FAILED", "KILLED"})
  void stateInTheResponseIsReported(TaskState state) {
    TaskDispatch task = start();

    returns(0, ended(task, "only", state, null));

    assertSettled(task, "0 " + state);
    assertThat(reports.accountedFor).containsExactly(1L);
  }

  @Test
  void workerThatCouldNotStartAbortsTheStage() {
    TaskDispatch task = start();

    returns(0, Messages.encode(new TaskResponse.NotStarted(task.id(), "only", "planted")));

    assertSettled(task, "0 aborted");
    assertThat(reports.reason).contains("cannot run tasks: planted");
  }

  @Test
  void responseOfAnotherBuildAbortsTheStage() {
    TaskDispatch task = start();

    returns(0, "{\"kind\":\"later\"}".getBytes(UTF_8));

    assertSettled(task, "0 aborted");
    assertThat(reports.reason).contains("does not understand", Messages.BUILD);
  }

  @Test
  void responseOfAnotherDispatchFailsTheTaskOnce() {
    TaskDispatch task = start();

    returns(0, ended("other", "only", TaskState.FINISHED, Blob.of(new byte[0]), null));

    assertSettled(task, "0 lost");
    assertThat(reports.reason).contains("the response belongs to dispatch other");
  }

  @Test
  void resultThatCannotBeReadFailsTheTaskOnce() {
    TaskDispatch task = start();

    returns(
        0, ended(task.id(), "only", TaskState.FINISHED, Blob.at(layout.result("none", "i")), null));

    assertSettled(task, "0 lost");
  }

  @Test
  void responseOfTheOtherInvocationCountsWhenTheTaskWasLeftToIt() throws IOException {
    TaskDispatch task = start();

    Holder first = new Holder(task.id(), "first", "request-1");
    returns(0, Messages.encode(new TaskResponse.LeftToOther(task.id(), "second", first)));
    assertNotSettled(task);
    storeResponse(task, "first", TaskState.FINISHED);
    untilReported();

    assertSettled(task, "0 FINISHED");
  }

  @Test
  void responseOfTheOtherInvocationCountsWhenItHoldsTheCommitRight() throws IOException {
    TaskDispatch task = start();

    Holder first = new Holder(task.id(), "first", "request-1");
    returns(0, ended(task, "second", TaskState.FAILED, first));
    assertNotSettled(task);
    storeResponse(task, "first", TaskState.FINISHED);
    untilReported();

    assertSettled(task, "0 FINISHED");
  }

  @Test
  void denialByADispatchThatMayBeAliveFreesTheSlotWithoutAReport() throws IOException {
    TaskDispatch holder = start();
    takeRight(holder, "only", "request-1");
    TaskDispatch denied = start();

    returns(1, ended(denied, "second", TaskState.FAILED, new Holder(holder.id(), "only", "r")));

    assertThat(denied.ended()).isDone();
    assertThat(reports.of).isEmpty();
    assertThat(generation()).isZero();
  }

  @Test
  void denialByAnInvocationThatHasEndedIsReportedAtOnce() throws IOException {
    TaskDispatch holder = start();
    takeRight(holder, "only", "request-1");
    returns(0, ended(holder, "only", TaskState.FAILED, null));
    TaskDispatch denied = start();

    returns(1, ended(denied, "second", TaskState.FAILED, new Holder(holder.id(), "only", "r")));

    assertSettled(denied, "0 FAILED", "1 FAILED");
    assertThat(generation()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "Runtime.ExitError, exit status 1",
    "java.lang.OutOfMemoryError, heap",
    "java.io.IOException, planted"
  })
  void failedFunctionFailsTheTaskOnceAndRevokesItsRight(String type, String message) {
    TaskDispatch task = start();

    fails(0, type, message, "");

    assertSettled(task, "0 lost");
    assertThat(reports.accountedFor).containsExactly(1L);
    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void crashOfTheInvocationThatHoldsTheRightFreesItAtOnce() throws IOException {
    TaskDispatch task = start();
    takeRight(task, "only", "request-of-0");

    fails(0, "Runtime.ExitError", "exit status 1", "");

    assertSettled(task, "0 lost");
    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void timeLimitFailsTheTaskOnceAndTheLastAllowedTimeAbortsTheStage() {
    TaskDispatch first = start();
    fails(0, "Sandbox.Timedout", "Task timed out after 900.00 seconds", "");
    assertSettled(first, "0 lost");
    TaskDispatch second = start();

    fails(1, "Sandbox.Timedout", "Task timed out after 900.00 seconds", "");

    assertSettled(second, "0 lost", "1 aborted");
    assertThat(reports.reason).startsWith("Timeout 2 of 2 for task 1");
  }

  @ParameterizedTest
  @CsvSource({
    "Runtime.ImportModuleError, no such handler, ''",
    "Runtime.ExitError, exit status 1, INIT_REPORT Init Duration: 1 ms",
    "Function.ResponseSizeTooLarge, too large, ''"
  })
  void functionThatNoRetryCanHelpAbortsTheStage(String type, String message, String logTail) {
    TaskDispatch task = start();

    fails(0, type, message, logTail);

    assertSettled(task, "0 aborted");
    assertThat(reports.accountedFor).containsExactly(1L);
  }

  @Test
  void failedFunctionWaitsForTheOtherInvocationThatHoldsTheRight() throws IOException {
    TaskDispatch task = start();
    takeRight(task, "first", "request-1");

    fails(0, "Runtime.ExitError", "exit status 1", "", "request-2");
    assertNotSettled(task);
    storeResponse(task, "first", TaskState.FINISHED);
    untilReported();

    assertSettled(task, "0 FINISHED");
    assertThat(generation()).isZero();
  }

  @Test
  void lostResponseIsSearchedInTheStore() throws IOException {
    TaskDispatch task = start();
    timer.pass(60);

    loses(0);
    assertNotSettled(task);
    storeResponse(task, "only", TaskState.FINISHED);
    untilReported();

    assertSettled(task, "0 FINISHED");
  }

  @Test
  void searchForAShortTaskEndsSoon() {
    TaskDispatch task = start();
    timer.pass(1);

    loses(0);
    untilReported();

    assertSettled(task, "0 lost");
    assertThat(Duration.ofNanos(timer.nowNanos())).isLessThan(Duration.ofSeconds(12));
    assertThat(reports.reason).contains("The response of task 0", "was lost", "stored none within");
  }

  @Test
  void timeInTheQueueDoesNotMakeATaskLong() {
    start();
    start();
    TaskDispatch task = start();
    timer.pass(600);
    returns(0, "{}".getBytes(UTF_8));
    reports.of.clear();
    assertThat(sent).hasSize(3);
    timer.pass(1);
    long lostAt = timer.nowNanos();

    loses(2);
    untilReported();

    assertSettled(task, "2 lost");
    assertThat(Duration.ofNanos(timer.nowNanos() - lostAt)).isLessThan(Duration.ofSeconds(12));
  }

  @Test
  void searchForALongTaskEndsWhenNoInvocationCanBeAlive() {
    TaskDispatch task = start();
    timer.pass(60);

    loses(0);
    untilReported();

    assertSettled(task, "0 lost");
    assertThat(Duration.ofNanos(timer.nowNanos())).isBetween(ALIVE, ALIVE.plusSeconds(6));
  }

  @Test
  void searchGoesOnWhileAnInvocationThatMayBeAliveHoldsTheRight() throws IOException {
    TaskDispatch task = start();
    takeRight(task, "only", "request-1");

    loses(0);
    untilReported();

    assertSettled(task, "0 lost");
    assertThat(Duration.ofNanos(timer.nowNanos())).isGreaterThanOrEqualTo(ALIVE);
    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void killEndsASearchAtTheNextLook() {
    TaskDispatch task = start();
    timer.pass(60);
    loses(0);

    dispatching.kill(0, "cancelled");
    assertThat(task.ended()).isNotDone();
    assertThat(timer.next()).isTrue();

    assertSettled(task, "0 killed");
  }

  @Test
  void awaitedInvocationThatCannotBeAliveFailsTheTaskOnce() throws IOException {
    TaskDispatch task = start();
    takeRight(task, "first", "request-1");
    fails(0, "Runtime.ExitError", "exit status 1", "", "request-2");

    while (reports.of.isEmpty() && timer.next()) {
      assertThat(generation()).isEqualTo(reports.of.size());
    }

    assertSettled(task, "0 lost");
    assertThat(Duration.ofNanos(timer.nowNanos())).isGreaterThanOrEqualTo(ALIVE);
    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void denialIsReportedWhenNoInvocationOfTheHolderCanCommit() throws IOException {
    TaskDispatch holder = start();
    takeRight(holder, "zombie", "request-1");
    returns(0, ended(holder, "second", TaskState.FAILED, null));
    TaskDispatch denied = start();
    returns(1, ended(denied, "third", TaskState.FAILED, new Holder(holder.id(), "zombie", "r")));
    assertSettled(denied, "0 FAILED");
    assertThat(generation()).isZero();

    timer.pass(ALIVE.toSeconds());
    for (int steps = 0; steps < 20 && timer.next(); steps++) {}

    assertSettled(denied, "0 FAILED", "1 FAILED");
    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void killOfADeniedAttemptIsReportedAtOnceAndRaisesNoFlag() throws IOException {
    TaskDispatch holder = start();
    takeRight(holder, "only", "request-1");
    TaskDispatch denied = start();
    returns(1, ended(denied, "second", TaskState.FAILED, new Holder(holder.id(), "only", "r")));

    dispatching.kill(1, "another attempt succeeded");

    assertSettled(denied, "1 killed");
    assertThat(store.stat(layout.kill(denied.id()))).isEmpty();
  }
}
