// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.protocol.Holder;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.TaskState;
import io.letsdata.store.ObjectContent;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The rows of the table in this package's documentation that lead to or from the states Searching,
 * Other awaited and Denied.
 */
final class WaitingTransitionsTest extends DispatchFixture {

  @Test
  void storedResponseOfAStrangerIsNotUsed() throws IOException {
    TaskDispatch task = start();
    timer.pass(60);
    byte[] forged = ended(task, "only", TaskState.FINISHED, null);
    String unused = bucket.put(layout.response(task.id()), ObjectContent.of(forged));

    loses(0);
    untilReported();

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
