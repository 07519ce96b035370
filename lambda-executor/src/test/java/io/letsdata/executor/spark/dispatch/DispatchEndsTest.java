// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.invoke.HandTimer;
import io.letsdata.executor.invoke.LambdaInvoker;
import io.letsdata.executor.settings.Architecture;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.spark.publish.StageInputs;
import io.letsdata.executor.spark.publish.Timeouts;
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
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.JobArtifactSet;
import org.apache.spark.scheduler.TaskDescription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of dispatches whose answer is lost, denied, or not the only one. */
final class DispatchEndsTest {
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Duration ALIVE = LambdaInvoker.aliveAtMost(LIMIT);

  private final HandTimer timer = new HandTimer();
  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final RunLayout layout = new RunLayout(ObjectLocation.parse("s3://b/runs/app"));
  private final CommitRights commitRights = new CommitRights(store, layout);
  private final DispatchRights rights = new DispatchRights(commitRights, ALIVE);
  private final DispatchTable table = new DispatchTable(rights, ALIVE, timer);
  private final Told told = new Told();
  private final RunAccount account = new RunAccount(() -> RequestCounts.ZERO);
  private final DispatchEnds ends = new DispatchEnds(told, table, account);
  private final CommitDenials denied = new CommitDenials(rights, told, table, timer);
  private final ResultHandler answers =
      new ResultHandler(
          settings(),
          new FunctionInfo(LIMIT, 2048, Architecture.ARM64, "/aws/lambda/f"),
          store,
          new OutputRegistry(
              () -> {
                throw new IllegalStateException("no shuffle here");
              },
              DriverBounds.DEFAULT),
          cached -> {},
          rights,
          table,
          ends,
          denied,
          account);
  private final LostResponses lost =
      new LostResponses(
          store,
          layout,
          Duration.ofSeconds(2),
          ALIVE,
          rights,
          answers,
          ends,
          (millis, dispatch, step) -> {
            var unused =
                timer.schedule(() -> run(step), millis, java.util.concurrent.TimeUnit.MILLISECONDS);
          });
  private long lastTask;

  private static LambdaSettings settings() {
    return LambdaSettings.from(
        "lambda://f", Options.ofSession(Map.of("spark.letsdata.run.location", "s3://b/runs")));
  }

  private static void run(LostResponses.Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps the first word of each task, and how many tasks the account had then. */
  private final class Told implements TaskEnds {
    final List<String> words = new ArrayList<>();
    final List<Long> accountedFor = new ArrayList<>();

    private void tell(TaskDispatch dispatch, String word) {
      accountedFor.add(account.report().tasks());
      if (dispatch.report()) {
        words.add(dispatch.description().taskId() + " " + word);
      }
    }

    @Override
    public void executorSaid(TaskDispatch dispatch, TaskState state, byte[] data, String note) {
      tell(dispatch, state.name());
    }

    @Override
    public void lost(TaskDispatch dispatch, String reason) {
      tell(dispatch, "lost");
    }

    @Override
    public void killed(TaskDispatch dispatch, String reason) {
      tell(dispatch, "killed");
    }

    @Override
    public void abortStage(TaskDispatch dispatch, String reason) {
      tell(dispatch, "aborted " + reason);
    }
  }

  /** Or a report that is asked for after an action would lack its last task. */
  @Test
  void accountHasATaskBeforeSparkHearsOfItsEnd() throws IOException {
    assertThat(answer(dispatch(), "n1", "FINISHED", null)).isTrue();
    ends.fail(dispatch(), "planted");
    ends.abort(dispatch(), "planted");

    assertThat(told.accountedFor).containsExactly(1L, 2L, 3L);
  }

  /** The next attempt of the one partition of a result stage. */
  private TaskDispatch dispatch() {
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
    StageInputs inputs = new StageInputs(3, true, false, new Timeouts(), new CompletableFuture<>());
    TaskDispatch dispatch =
        new TaskDispatch(description, inputs, 0, commitRights.generation(3, 0), timer::nowNanos);
    table.add(dispatch);
    return dispatch;
  }

  private void takeRight(TaskDispatch dispatch, String nonce, String request) throws IOException {
    assertThat(
            store.putIfAbsent(
                layout.commit(3, 0, dispatch.commitGeneration()),
                ObjectContent.ofUtf8(new Holder(dispatch.id(), nonce, request).text())))
        .isTrue();
  }

  private boolean answer(
      TaskDispatch dispatch, String nonce, String state, @Nullable Holder deniedBy)
      throws IOException {
    return answers.accept(
        dispatch, response(dispatch, nonce, state, false, deniedBy), "request-of-" + nonce, "");
  }

  private static byte[] response(
      TaskDispatch dispatch,
      String nonce,
      String state,
      boolean commitHeld,
      @Nullable Holder deniedBy) {
    return Messages.encode(
        new TaskResponse.Ended(
            dispatch.id(),
            nonce,
            TaskState.valueOf(state),
            Blob.of(new byte[0]),
            commitHeld,
            deniedBy,
            List.of(),
            List.of(),
            Map.of(),
            null));
  }

  private void until(Duration time) {
    timer.pass(time.toSeconds());
    for (int steps = 0; steps < 20 && timer.next(); steps++) {}
  }

  @Test
  void shortTaskThatWaitedLongForItsTurnIsGivenUpSoonAfterItsAnswerWasLost() throws IOException {
    TaskDispatch task = dispatch();
    timer.pass(600);
    task.sending();
    timer.pass(1);
    long lostAt = timer.nowNanos();

    lost.search(task, "the connection broke");
    while (told.words.isEmpty() && timer.next()) {}

    assertThat(told.words).containsExactly("0 lost");
    assertThat(Duration.ofNanos(timer.nowNanos() - lostAt)).isLessThan(Duration.ofSeconds(12));
  }

  @Test
  void longTaskIsSearchedUntilItCannotBeAlive() throws IOException {
    TaskDispatch task = dispatch();
    task.sending();
    timer.pass(60);

    lost.search(task, "the connection broke");
    while (told.words.isEmpty() && timer.next()) {}

    assertThat(Duration.ofNanos(timer.nowNanos())).isBetween(ALIVE, ALIVE.plusSeconds(6));
  }

  @Test
  void answerOfTheOtherRunCountsWhenItCommits() throws IOException {
    TaskDispatch task = dispatch();
    task.sending();
    takeRight(task, "first", "request-1");
    task.runs().ended("request-2"); // the crash of the second

    assertThat(rights.fence(task)).isFalse();
    lost.awaitOtherRun(task, "crashed");
    store.put(
        layout.response(task.id()),
        ObjectContent.of(response(task, "first", "FINISHED", true, null)));
    while (told.words.isEmpty() && timer.next()) {}

    assertThat(told.words).containsExactly("0 FINISHED");
    assertThat(commitRights.generation(3, 0)).isZero();
  }

  @Test
  void rightOfACrashedRunsOtherRunIsHeldUntilThatCannotBeAlive() throws IOException {
    TaskDispatch task = dispatch();
    task.sending();
    takeRight(task, "first", "request-1");
    task.runs().ended("request-2");

    lost.awaitOtherRun(task, "crashed");
    while (told.words.isEmpty() && timer.next()) {
      if (told.words.isEmpty()) {
        assertThat(commitRights.generation(3, 0)).isZero();
      }
    }

    assertThat(told.words).containsExactly("0 lost");
    assertThat(Duration.ofNanos(timer.nowNanos())).isGreaterThanOrEqualTo(ALIVE);
    assertThat(commitRights.generation(3, 0)).isEqualTo(1);
  }

  @Test
  void crashOfTheRunThatHeldTheRightFreesItAtOnce() throws IOException {
    TaskDispatch task = dispatch();
    takeRight(task, "only", "request-1");
    task.runs().ended("request-1");

    assertThat(rights.fence(task)).isTrue();

    assertThat(commitRights.generation(3, 0)).isEqualTo(1);
  }

  @Test
  void rightIsNotTakenFromTheOtherRunOfATaskThatFailed() throws IOException {
    TaskDispatch task = dispatch();
    task.sending();
    takeRight(task, "zombie", "request-1");
    assertThat(answer(task, "second", "FAILED", null)).isTrue();
    TaskDispatch retry = dispatch();

    Holder holder = new Holder(task.id(), "zombie", "request-1");
    assertThat(answer(retry, "third", "FAILED", holder)).isTrue();

    assertThat(commitRights.generation(3, 0)).isZero();
    assertThat(retry.ended()).isDone();
    assertThat(told.words).containsExactly("0 FAILED");

    until(ALIVE);

    assertThat(commitRights.generation(3, 0)).isEqualTo(1);
    assertThat(told.words).containsExactly("0 FAILED", "1 FAILED");
  }

  @Test
  void copyDeniedByARunThatHasEndedIsToldAtOnce() throws IOException {
    TaskDispatch holder = dispatch();
    takeRight(holder, "only", "request-1");
    assertThat(answer(holder, "only", "FAILED", null)).isTrue();
    TaskDispatch copy = dispatch();

    assertThat(answer(copy, "copy", "FAILED", new Holder(holder.id(), "only", "request-1")))
        .isTrue();

    assertThat(told.words).containsExactly("0 FAILED", "1 FAILED");
    assertThat(commitRights.generation(3, 0)).isEqualTo(1);
  }

  @Test
  void heldCopyIsStillKnownByItsTaskUntilItIsTold() throws IOException {
    TaskDispatch holder = dispatch();
    takeRight(holder, "only", "request-1");
    TaskDispatch copy = dispatch();

    assertThat(answer(copy, "copy", "FAILED", new Holder(holder.id(), "only", "request-1")))
        .isTrue();

    assertThat(copy.ended()).isDone();
    assertThat(table.ofTask(1)).contains(copy);
    assertThat(told.words).isEmpty();
  }

  @Test
  void killEndsAHeldCopyAtOnceAndWithoutARequest() throws IOException {
    TaskDispatch holder = dispatch();
    takeRight(holder, "only", "request-1");
    TaskDispatch copy = dispatch();
    assertThat(answer(copy, "copy", "FAILED", new Holder(holder.id(), "only", "request-1")))
        .isTrue();
    KillRequests kills = new KillRequests(table, told, () -> {}, store, layout, Runnable::run);

    kills.kill(1, "another attempt succeeded");

    assertThat(told.words).containsExactly("1 killed");
    assertThat(table.ofTask(1)).isEmpty();
    assertThat(store.stat(layout.kill(copy.id()))).isEmpty();

    kills.kill(0, "cancelled");

    assertThat(told.words).containsExactly("1 killed", "0 killed");
    assertThat(store.stat(layout.kill(holder.id()))).isPresent();
  }
}
