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
import io.letsdata.executor.settings.TimeLimit;
import io.letsdata.executor.spark.publish.ResultBytes;
import io.letsdata.executor.spark.publish.RunContext;
import io.letsdata.executor.spark.publish.StageInputs;
import io.letsdata.executor.spark.publish.TimeoutCounts;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.options.Options;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.CachedBlock;
import io.letsdata.protocol.Holder;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.RunKey;
import io.letsdata.protocol.RunLayout;
import io.letsdata.protocol.SealedStore;
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
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.JobArtifactSet;
import org.apache.spark.scheduler.TaskDescription;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.DefaultAwsResponseMetadata;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaResponseMetadata;

/**
 * A dispatcher in memory: a function that responds when a test says so, time that a test lets pass,
 * a store, and the reports to Spark. A task is counted before it is reported, so that a run report
 * that follows an action has all its tasks.
 */
abstract class DispatchFixture {
  static final Duration LIMIT = Duration.ofMinutes(15);
  static final Duration ALIVE = TimeLimit.aliveAtMost(LIMIT);
  static final StageInputs.Published INPUTS =
      new StageInputs.Published(Map.of(), Map.of(), List.of());

  final TimeLimit limit = new TimeLimit(firstLimit());
  final FunctionInfo function =
      new FunctionInfo(limit, 2048, Architecture.ARM64, "/aws/lambda/f", Optional.empty());
  final HandTimer timer = new HandTimer();
  final FakeLambda lambda = new FakeLambda();

  /** Objects that a test puts here are those of a stranger. */
  final InMemoryObjectStore bucket = new InMemoryObjectStore("b");

  final SealedStore store = new SealedStore(bucket, RunKey.random());
  final RunLayout layout = new RunLayout(ObjectLocation.parse("s3://b/runs/app"));
  final RunAccount account = new RunAccount(() -> RequestCounts.ZERO);
  final LambdaSettings settings = settings();
  final RunContext run =
      new RunContext(
          settings,
          function,
          store,
          layout,
          new LambdaInvoker(lambda, settings, timer, Runnable::run, account),
          account,
          new RunContext.Threads(Runnable::run, timer));
  final Reports reports = new Reports();
  final ResultBytes results = new ResultBytes(1_000);
  final TimeoutCounts timeouts = new TimeoutCounts();
  final List<CompletableFuture<InvokeResponse>> sent = new ArrayList<>();
  final OutputRegistry offsets =
      new OutputRegistry(
          () -> {
            throw new IllegalStateException("no shuffle here");
          },
          DriverBounds.DEFAULT);
  String vanished = "nothing vanished";
  boolean payloadFails;
  String payload = "{}";
  final Dispatching dispatching =
      new Dispatching(
          run, (dispatch, inputs) -> payload(), offsets, new Inputs(), reports, timer::nowNanos);
  private long lastTask;

  /** The function's limit at the start; constant. */
  Duration firstLimit() {
    return LIMIT;
  }

  static LambdaSettings settings() {
    Map<String, String> conf =
        Map.of(
            "spark.letsdata.run.location", "s3://b/runs",
            "spark.letsdata.lambda.concurrency", "2",
            "spark.letsdata.lambda.timeouts-per-task", "2");
    return LambdaSettings.from("lambda://f", Options.ofSession(conf));
  }

  byte[] payload() throws IOException {
    if (payloadFails) {
      throw new IOException("planted");
    }
    return payload.getBytes(UTF_8);
  }

  /** Publishes again what a test names. */
  private final class Inputs implements ResultHandler.Inputs {
    @Override
    public void cached(List<CachedBlock> blocks) {}

    @Override
    public boolean restore(String failure) {
      return failure.contains(vanished);
    }
  }

  /** Keeps the first report of each task, and how many tasks the account had then. */
  final class Reports implements TaskReporter {
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
  TaskDispatch start(CompletableFuture<StageInputs.Published> published) {
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
    StageInputs inputs = new StageInputs(3, true, false, timeouts, results, published);
    TaskDispatch dispatch = dispatching.dispatch(description, inputs);
    var unused = dispatching.start(dispatch);
    return dispatch;
  }

  TaskDispatch start() {
    return start(CompletableFuture.completedFuture(INPUTS));
  }

  int generation() {
    return dispatching.commitRights().generation(3, 0);
  }

  void takeRight(TaskDispatch dispatch, String nonce, String request) throws IOException {
    assertThat(
            store.putIfAbsent(
                layout.commit(3, 0, dispatch.commitGeneration()),
                ObjectContent.ofUtf8(new Holder(dispatch.id(), nonce, request).text())))
        .isTrue();
  }

  static byte[] ended(
      TaskDispatch dispatch, String nonce, TaskState state, @Nullable Holder deniedBy) {
    return ended(dispatch.id(), nonce, state, Blob.of(new byte[0]), deniedBy);
  }

  static byte[] ended(
      String dispatch, String nonce, TaskState state, Blob result, @Nullable Holder deniedBy) {
    return Messages.encode(
        new TaskResponse.Ended(
            dispatch, nonce, state, result, false, deniedBy, List.of(), List.of(), Map.of(), null));
  }

  /** The invocation, by the order in which they were sent, returns {@code body}. */
  void returns(int invocation, byte[] body) {
    sent.get(invocation).complete(FakeLambda.response(body));
  }

  void fails(int invocation, String type, String message, String logTail) {
    fails(invocation, type, message, logTail, "request-of-" + invocation);
  }

  void fails(int invocation, String type, String message, String logTail, String request) {
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

  void loses(int invocation) {
    sent.get(invocation).completeExceptionally(new IOException("connection reset"));
  }

  void storeResponse(TaskDispatch dispatch, String nonce, TaskState state) throws IOException {
    String unused =
        store.put(
            layout.response(dispatch.id()), ObjectContent.of(ended(dispatch, nonce, state, null)));
  }

  void untilReported() {
    while (reports.of.isEmpty() && timer.next()) {}
  }

  void assertSettled(TaskDispatch dispatch, String... expected) {
    assertThat(reports.of).containsExactly(expected);
    assertThat(dispatch.ended()).isDone();
  }

  void assertNotSettled(TaskDispatch dispatch) {
    assertThat(reports.of).isEmpty();
    assertThat(dispatch.ended()).isNotDone();
  }
}
