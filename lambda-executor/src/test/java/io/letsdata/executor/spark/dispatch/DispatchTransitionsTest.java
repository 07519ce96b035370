// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.spark.publish.StageInputs;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.TaskState;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.lambda.model.LambdaException;

/**
 * The rows of the table in this package's documentation from the states Publishing and Invoked, in
 * its order.
 */
final class DispatchTransitionsTest extends DispatchFixture {

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
  void workerThatLackedAnInputWhichIsThereAgainFailsTheTaskOnce() {
    TaskDispatch task = start();
    vanished = "s3://b/runs/app/conf.json";

    returns(
        0,
        Messages.encode(
            new TaskResponse.NotStarted(task.id(), "only", "no s3://b/runs/app/conf.json")));

    assertSettled(task, "0 lost");
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
  void resultOutsideTheRunFailsTheTaskOnce() {
    TaskDispatch task = start();

    Blob elsewhere = Blob.at(ObjectLocation.parse("s3://other/runs/app/result/1"));
    returns(0, ended(task.id(), "only", TaskState.FINISHED, elsewhere, null));

    assertSettled(task, "0 lost");
    assertThat(reports.reason).contains("s3://other/runs/app/result/1", "did not store it");
  }

  @Test
  void resultThatCannotBeReadFailsTheTaskOnce() {
    TaskDispatch task = start();

    returns(
        0, ended(task.id(), "only", TaskState.FINISHED, Blob.at(layout.result("none", "i")), null));

    assertSettled(task, "0 lost");
  }

  @Test
  void resultsOverTheLimitAreNotFetchedAndAbortTheStage() throws IOException {
    TaskDispatch first = start();
    TaskDispatch second = start();
    ObjectLocation large = layout.result(second.id(), "only");
    String unused = store.put(large, ObjectContent.of(new byte[600]));

    returns(0, ended(first.id(), "only", TaskState.FINISHED, Blob.of(new byte[600]), null));
    assertThat(second.ended()).isNotDone();
    returns(1, ended(second.id(), "only", TaskState.FINISHED, Blob.at(large), null));

    assertSettled(second, "0 FINISHED", "1 aborted");
    assertThat(reports.reason)
        .isEqualTo(
            "Total size of serialized results of 2 tasks (1200.0 B) is bigger than"
                + " spark.driver.maxResultSize (1000.0 B)");
  }

  @Test
  void resultOfAKilledTaskIsNotFetched() throws IOException {
    TaskDispatch task = start();
    ObjectLocation large = layout.result(task.id(), "only");
    String unused = store.put(large, ObjectContent.of(new byte[2_000]));
    dispatching.kill(0, "cancelled");

    returns(0, ended(task.id(), "only", TaskState.FINISHED, Blob.at(large), null));

    assertSettled(task, "0 killed");
    assertThat(reports.reason).isEmpty();
    assertThat(results.add(1_000)).isEmpty();
  }

  @Test
  void killBetweenSparksOfferAndTheTableEndsTheTask() throws IOException {
    List<TaskDispatch> started = new ArrayList<>();

    dispatching.duringOffers(
        () -> {
          dispatching.kill(0, "cancelled");
          dispatching.kill(1, "cancelled");
          started.add(start());
        });
    TaskDispatch later = start();

    assertThat(reports.of).containsExactly("0 killed");
    assertThat(store.stat(layout.kill(started.get(0).id()))).isPresent();
    assertThat(later.isReported()).isFalse();
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
}
