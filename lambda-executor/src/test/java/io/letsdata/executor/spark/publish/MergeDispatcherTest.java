// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.account.Prices;
import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.invoke.FakeLambda;
import io.letsdata.executor.invoke.HandTimer;
import io.letsdata.executor.invoke.LambdaInvoker;
import io.letsdata.executor.settings.Architecture;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.settings.TimeLimit;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.options.Options;
import io.letsdata.protocol.MergeResponse;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.RunLayout;
import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.ExchangeOptions;
import io.letsdata.shuffle.driver.ExchangePlan;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.RequestCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;

final class MergeDispatcherTest {
  private static final Duration AT_MOST = Duration.ofSeconds(60);
  private static final FunctionInfo FUNCTION =
      new FunctionInfo(
          new TimeLimit(Duration.ofMinutes(15)), 2048, Architecture.ARM64, "log", Optional.empty());
  private static final int SHUFFLE = 1;
  private static final List<MapRef> WINNERS = List.of(new MapRef(0, "m0"), new MapRef(1, "m1"));
  private static final ShuffleLayout SHUFFLES =
      new ShuffleLayout(ObjectLocation.parse("s3://b/shuffles"));

  private final HandTimer timer = new HandTimer();
  private final FakeLambda lambda = new FakeLambda();
  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final RunLayout layout = new RunLayout(ObjectLocation.parse("s3://b/runs/app"));
  private final RunAccount account = new RunAccount(() -> RequestCounts.ZERO);
  private final List<CompletableFuture<InvokeResponse>> sent = new ArrayList<>();
  private final List<String> dispatches = new ArrayList<>();
  private final CompletableFuture<Void> stage = new CompletableFuture<>();
  private final List<Duration> timesLeft = new ArrayList<>();
  private int roomAgain;
  private final LambdaInvoker invoker =
      new LambdaInvoker(lambda, settings(), timer, Runnable::run, account);
  private final OutputRegistry offsets =
      new OutputRegistry(() -> new ShuffleHome(store, SHUFFLES), DriverBounds.DEFAULT);
  private final MergeDispatcher merges =
      new MergeDispatcher(
          new RunContext(
              settings(),
              FUNCTION,
              store,
              layout,
              invoker,
              account,
              new RunContext.Threads(Runnable::run, timer)),
          offsets,
          timer::nowNanos,
          () -> roomAgain++);

  private static LambdaSettings settings() {
    Map<String, String> conf =
        Map.of(
            "spark.letsdata.run.location", "s3://b/runs",
            "spark.letsdata.lambda.concurrency", "2");
    return LambdaSettings.from("lambda://f", Options.ofSession(conf));
  }

  private CompletableFuture<Void> run(int jobs) {
    return run(
        IntStream.range(0, jobs)
            .mapToObj(
                i -> new MergeJob(SHUFFLE, "n" + i, i, i + 1, List.of(new MapRef(0, "m")), 1 << 20))
            .toList());
  }

  private CompletableFuture<Void> run(List<MergeJob> jobs) {
    lambda.whenUnplanned =
        () -> {
          CompletableFuture<InvokeResponse> response = new CompletableFuture<>();
          sent.add(response);
          return response;
        };
    return merges.run(
        jobs,
        (job, dispatch, left) -> {
          dispatches.add(dispatch);
          timesLeft.add(left);
          return ('"' + job.nonce() + '"').getBytes(StandardCharsets.UTF_8);
        },
        AT_MOST,
        stage);
  }

  private static InvokeResponse failed() {
    return FakeLambda.response(Messages.encode(new MergeResponse(null, "planted", Map.of())));
  }

  @Test
  void mergesUpToTheConcurrencyAreSentAndTheNextWhenOneHasEnded() {
    CompletableFuture<Void> over = run(3);

    assertThat(sent).hasSize(2);
    sent.get(0).complete(failed());
    assertThat(sent).hasSize(3);
    sent.get(1).complete(failed());
    assertThat(over).isNotDone();
    sent.get(2).complete(failed());

    assertThat(over).isCompleted();
    assertThat(account.report().merges().invocations()).isEqualTo(3);
    assertThat(account.report().merges().merged()).isZero();
    assertThat(roomAgain).isEqualTo(3);
  }

  @Test
  void stageContinuesAfterTheTimeoutAndNoMoreMergesAreSent() {
    CompletableFuture<Void> over = run(3);

    while (!over.isDone() && timer.next()) {}
    sent.get(0).complete(failed());

    assertThat(Duration.ofNanos(timer.nowNanos())).isEqualTo(AT_MOST);
    assertThat(sent).hasSize(2);
  }

  /** As workers do, which look for the flag of their dispatch. */
  private void endMergesWhoseFlagIsRaised() {
    for (int i = 0; i < sent.size(); i++) {
      if (store.keys("b").contains(layout.kill(dispatches.get(i)).key())) {
        sent.get(i).complete(failed());
      }
    }
  }

  @Test
  void tasksHaveRoomAfterTheTimeout() {
    CompletableFuture<Void> over = run(3);
    assertThat(invoker.room()).isZero();

    while (!over.isDone() && timer.next()) {}
    endMergesWhoseFlagIsRaised();

    assertThat(invoker.room()).isPositive();
    assertThat(sent).hasSize(2);
    assertThat(roomAgain).isEqualTo(2);
  }

  @Test
  void payloadHasTheRestOfTheTimeout() {
    CompletableFuture<Void> over = run(3);

    timer.pass(45);
    sent.get(0).complete(failed());

    assertThat(over).isNotDone();
    assertThat(timesLeft).containsExactly(AT_MOST, AT_MOST, Duration.ofSeconds(15));
  }

  @Test
  void crashedMergeEndsTheSendingAndThoseInFlightMayEnd() {
    CompletableFuture<Void> over = run(5);

    sent.get(0).complete(outOfMemory());
    assertThat(sent).hasSize(2);
    assertThat(over).isNotDone();
    sent.get(1).complete(failed());

    assertThat(over).isCompleted();
    assertThat(sent).hasSize(2);
    assertThat(store.keys("b")).isEmpty();
  }

  @Test
  void cellsTakeAQuarterOfTheFunctionsMemoryAtMost() {
    ExchangeOptions large =
        new ExchangeOptions(ExchangeOptions.Mode.AUTO, 512 << 20, AT_MOST, 0.0001);
    FunctionInfo small =
        new FunctionInfo(new TimeLimit(AT_MOST), 1024, Architecture.ARM64, "log", Optional.empty());
    FunctionInfo unknown =
        new FunctionInfo(new TimeLimit(AT_MOST), 0, Architecture.ARM64, "log", Optional.empty());

    assertThat(ExchangePlanner.fitting(large, small))
        .isEqualTo(new ExchangeOptions(ExchangeOptions.Mode.AUTO, 256 << 20, AT_MOST, 0.0001));
    assertThat(ExchangePlanner.fitting(large, FUNCTION)).isEqualTo(large);
    assertThat(ExchangePlanner.fitting(large, unknown)).isEqualTo(large);
  }

  @Test
  void reportThatComesTooLateForItsStageIsInTheNextTable() throws IOException {
    MergeJob job = planned().get(0);
    CompletableFuture<Void> over = run(List.of(job));
    while (!over.isDone() && timer.next()) {}
    assertThat(namesIn(offsets.tables().table(SHUFFLE, WINNERS))).doesNotContain(job.nonce());

    sent.get(0).complete(merged(job));

    assertThat(namesIn(offsets.tables().table(SHUFFLE, WINNERS))).contains(job.nonce());
    assertThat(plan()).isEmpty();
  }

  @Test
  void reportOfAForgottenShuffleDeletesItsObject() throws IOException {
    MergeJob job = planned().get(0);
    CompletableFuture<Void> over = run(List.of(job));
    store.put(job.object(SHUFFLES), ObjectContent.of(new byte[7]));
    offsets.forget(SHUFFLE);

    sent.get(0).complete(merged(job));

    assertThat(over).isCompleted();
    assertThat(store.keys("b")).isEmpty();
  }

  @Test
  void cancelledStageMayPlanAgainOnceAndItsOldReportsAreIgnored() throws IOException {
    MergeJob old = planned().get(0);
    CompletableFuture<Void> cancelled = run(List.of(old));
    assertThat(plan()).isEmpty(); // under way
    stage.completeExceptionally(new CancellationException());
    assertThat(cancelled).isCompleted();

    MergeJob again = plan().get(0);

    sent.get(0).complete(merged(old));
    assertThat(namesIn(offsets.tables().table(SHUFFLE, WINNERS))).doesNotContain(old.nonce());
    assertThat(run(List.of(again))).isCompleted(); // cancelled, too
    assertThat(plan()).isEmpty();
    assertThat(offsets.forget(SHUFFLE))
        .contains(old.object(SHUFFLES), again.object(SHUFFLES))
        .doesNotHaveDuplicates();
  }

  private List<MergeJob> planned() throws IOException {
    for (MapRef map : WINNERS) {
      offsets.add(
          MapReport.stored(
              new MapOutput(SHUFFLE, map.mapId(), map.nonce(), new long[] {9}, new int[] {1})));
    }
    return plan();
  }

  private List<MergeJob> plan() {
    ExchangePlan plan =
        ExchangePlan.choose(
            offsets.shape(SHUFFLE, WINNERS, 1),
            new ExchangeOptions(ExchangeOptions.Mode.COMBINED, 1 << 20, AT_MOST, 0.0001),
            Prices.exchange(FUNCTION, 2));
    return offsets.planMerges(SHUFFLE, WINNERS, plan);
  }

  private static String namesIn(byte[] table) {
    return new String(table, StandardCharsets.ISO_8859_1);
  }

  private static InvokeResponse merged(MergeJob job) {
    MergeReport report = new MergeReport(job.shuffleId(), job.nonce(), new long[] {18});
    return FakeLambda.response(Messages.encode(new MergeResponse(report.encode(), null, Map.of())));
  }

  private static InvokeResponse outOfMemory() {
    return FakeLambda.response(
            "{\"errorType\":\"Runtime.OutOfMemory\",\"errorMessage\":\"planted\"}"
                .getBytes(StandardCharsets.UTF_8))
        .toBuilder()
        .functionError("Unhandled")
        .build();
  }

  @Test
  void cancelledStageSendsNoMoreMergesAndRaisesTheFlagsOfThoseInFlight() {
    CompletableFuture<Void> over = run(3);

    stage.completeExceptionally(new CancellationException());

    assertThat(over).isCompleted();
    assertThat(store.keys("b"))
        .containsExactlyInAnyOrder(
            layout.kill(dispatches.get(0)).key(), layout.kill(dispatches.get(1)).key());
    sent.get(0).complete(failed());
    assertThat(sent).hasSize(2);
  }

  @Test
  void refusalEndsTheSending() {
    CompletableFuture<Void> over = run(5);

    sent.get(0)
        .completeExceptionally(
            LambdaException.builder().statusCode(403).message("planted").build());

    assertThat(over).isCompleted();
    assertThat(sent).hasSize(2);
  }

  @Test
  void throttledMergeOfACancelledStageIsNotRetried() {
    CompletableFuture<Void> over = run(1);
    sent.get(0)
        .completeExceptionally(
            LambdaException.builder().statusCode(429).message("planted").build());

    stage.completeExceptionally(new CancellationException());
    while (timer.next()) {}

    assertThat(over).isCompleted();
    assertThat(sent).hasSize(1);
    assertThat(invoker.room()).isPositive();
  }
}
