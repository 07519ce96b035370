package io.letsdata.executor.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.FakeLambda;
import io.letsdata.executor.FunctionInfo;
import io.letsdata.executor.HandTimer;
import io.letsdata.executor.LambdaInvoker;
import io.letsdata.executor.LambdaSettings;
import io.letsdata.executor.Prices;
import io.letsdata.executor.RunAccount;
import io.letsdata.executor.protocol.MergeResponse;
import io.letsdata.executor.protocol.Messages;
import io.letsdata.executor.protocol.RunLayout;
import io.letsdata.shuffle.DriverBounds;
import io.letsdata.shuffle.MapRef;
import io.letsdata.shuffle.MergeJob;
import io.letsdata.shuffle.ShuffleOffsets;
import io.letsdata.store.InMemoryObjectStore;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.RequestCounts;
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

final class MergesTest {
  private static final Duration AT_MOST = Duration.ofSeconds(60);

  private final HandTimer timer = new HandTimer();
  private final FakeLambda lambda = new FakeLambda();
  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final RunLayout layout = new RunLayout(ObjectLocation.parse("s3://b/runs/app"));
  private final RunAccount account = new RunAccount(() -> RequestCounts.ZERO);
  private final List<CompletableFuture<InvokeResponse>> sent = new ArrayList<>();
  private final List<String> dispatches = new ArrayList<>();
  private final CompletableFuture<Void> stage = new CompletableFuture<>();
  private final LambdaInvoker invoker = new LambdaInvoker(lambda, settings(), timer, account);
  private final Merges merges =
      new Merges(
          new FunctionInfo(Duration.ofMinutes(15), 2048, Prices.Architecture.ARM64, "log"),
          2,
          invoker,
          store,
          layout,
          new ShuffleOffsets(
              () -> {
                throw new IllegalStateException("no shuffle here");
              },
              DriverBounds.DEFAULT),
          account,
          Runnable::run,
          timer);

  private static LambdaSettings settings() {
    Map<String, String> conf =
        Map.of(
            "spark.letsdata.run.location", "s3://b/runs",
            "spark.letsdata.lambda.concurrency", "2");
    return LambdaSettings.from("lambda://f", key -> Optional.ofNullable(conf.get(key)));
  }

  private CompletableFuture<Void> run(int jobs) {
    lambda.whenUnplanned =
        () -> {
          CompletableFuture<InvokeResponse> answer = new CompletableFuture<>();
          sent.add(answer);
          return answer;
        };
    return merges.run(
        IntStream.range(0, jobs)
            .mapToObj(i -> new MergeJob(1, "n" + i, i, i + 1, List.of(new MapRef(0, "m")), 1 << 20))
            .toList(),
        (job, dispatch) -> {
          dispatches.add(dispatch);
          return job.nonce().getBytes(StandardCharsets.UTF_8);
        },
        AT_MOST,
        stage);
  }

  private static InvokeResponse failed() {
    return FakeLambda.answer(Messages.encode(new MergeResponse(null, "planted", Map.of())));
  }

  @Test
  void asManyAsThereAreSlotsAreSentAndTheNextWhenOneHasEnded() {
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
  }

  @Test
  void stageGoesOnWhenTheTimeoutHasPassedAndNoMoreAreSent() {
    CompletableFuture<Void> over = run(3);

    while (!over.isDone() && timer.next()) {}
    sent.get(0).complete(failed());

    assertThat(Duration.ofNanos(timer.nowNanos())).isEqualTo(AT_MOST);
    assertThat(sent).hasSize(2);
  }

  @Test
  void cancelledStageSendsNoMoreAndTellsThoseThatRun() {
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
  void refusalGivesAllUp() {
    CompletableFuture<Void> over = run(5);

    sent.get(0)
        .completeExceptionally(
            LambdaException.builder().statusCode(403).message("planted").build());

    assertThat(over).isCompleted();
    assertThat(sent).hasSize(2);
  }

  @Test
  void throttledMergeIsNotSentAgainWhenNobodyWaits() {
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
