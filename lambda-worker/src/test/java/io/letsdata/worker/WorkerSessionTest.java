// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.Holder;
import io.letsdata.protocol.MergePayload;
import io.letsdata.protocol.MergeResponse;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.TaskState;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreUnavailable;
import io.letsdata.worker.spark.Invocation;
import io.letsdata.worker.spark.TaskRuntime;
import io.letsdata.worker.spark.TestPayloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One test for each transition of the table in the package's documentation, up to the end. */
final class WorkerSessionTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final List<String> events = new ArrayList<>();
  private final WorkerSession session = new WorkerSession(new Runtimes(), settings -> store);
  private final Invocation invocation = TestPayloads.invocation("mine");

  private @Nullable IOException startFails;
  private @Nullable RuntimeException mergeFails;

  /** Starts runtimes that run nothing and note all that happens to them. */
  private final class Runtimes implements TaskRuntime.Factory {
    private TaskRuntime started(String application) throws IOException {
      if (startFails != null) {
        throw startFails;
      }
      events.add("start " + application);
      return new IdleRuntime(application);
    }

    @Override
    public TaskRuntime start(TaskPayload first, Invocation ignored, ObjectStore ignoredStore)
        throws IOException {
      return started(first.session().application());
    }

    @Override
    public TaskRuntime start(MergePayload first, Invocation ignored, ObjectStore ignoredStore)
        throws IOException {
      return started(first.session().application());
    }
  }

  private final class IdleRuntime implements TaskRuntime {
    private final String application;

    IdleRuntime(String application) {
      this.application = application;
    }

    @Override
    public String application() {
      return application;
    }

    @Override
    public TaskResponse run(TaskPayload payload, Invocation current) {
      events.add("run in " + application);
      return new TaskResponse.Ended(
          payload.dispatch(),
          current.nonce(),
          TaskState.FINISHED,
          Blob.of(new byte[0]),
          false,
          null,
          List.of(),
          List.of(),
          Map.of(),
          null);
    }

    @Override
    public MergeReport merge(MergePayload payload, Invocation current) {
      if (mergeFails != null) {
        throw mergeFails;
      }
      return new MergeReport(1, "nonce", new long[] {7});
    }

    @Override
    public void close() {
      events.add("close " + application);
    }
  }

  private void run(String application) throws IOException {
    assertThat(session.run(TestPayloads.task(application), invocation))
        .isInstanceOf(TaskResponse.Ended.class);
  }

  private String problem(TaskPayload payload) throws IOException {
    TaskResponse response = session.run(payload, invocation);
    assertThat(response).isInstanceOf(TaskResponse.NotStarted.class);
    return ((TaskResponse.NotStarted) response).problem();
  }

  @Test
  void payloadOfAnotherBuildIsRefusedWithBothBuilds() throws IOException {
    assertThat(problem(TestPayloads.task(TestPayloads.otherBuild(), false)))
        .startsWith("driver and worker differ")
        .contains(Messages.BUILD + "-other", "the function " + Messages.BUILD);
    assertThat(events).isEmpty();
  }

  @Test
  void firstTaskStartsTheRuntimeOfItsApplication() throws IOException {
    TaskResponse response = session.run(TestPayloads.task("app"), invocation);

    assertThat(response).isInstanceOf(TaskResponse.Ended.class);
    assertThat(events).containsExactly("start app", "run in app");
  }

  @Test
  void nextTaskOfTheApplicationRunsInTheSameRuntime() throws IOException {
    run("app");

    run("app");

    assertThat(events).containsExactly("start app", "run in app", "run in app");
  }

  @Test
  void taskOfAnotherApplicationClosesTheRuntimeBeforeItStartsItsOwn() throws IOException {
    run("app");

    run("next");

    assertThat(events)
        .containsExactly("start app", "run in app", "close app", "start next", "run in next");
  }

  @Test
  void missingPermissionIsTheReasonWhyTheTaskDidNotStart() throws IOException {
    startFails = new AccessDenied("no s3:GetObject");

    assertThat(problem(TestPayloads.task("app")))
        .contains("the worker's Spark runtime did not start", "no s3:GetObject");
  }

  @Test
  void storeThatMayComeBackFailsTheInvocation() {
    startFails = new StoreUnavailable("503");

    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> session.run(TestPayloads.task("app"), invocation));
  }

  @Test
  void runtimeThatDidNotStartIsStartedForTheNextTask() throws IOException {
    startFails = new AccessDenied("no s3:GetObject");
    String unused = problem(TestPayloads.task("app"));
    startFails = null;

    assertThat(session.run(TestPayloads.task("app"), invocation))
        .isInstanceOf(TaskResponse.Ended.class);
  }

  @Test
  void dispatchThatMustRunOnceRunsWhenThisInvocationWinsItsClaim() throws IOException {
    TaskResponse response =
        session.run(TestPayloads.task(TestPayloads.session("app"), true), invocation);

    assertThat(response).isInstanceOf(TaskResponse.Ended.class);
    assertThat(TestPayloads.sealed(store).readUtf8(TestPayloads.layout("app").claim("d")))
        .isEqualTo("d/mine/request-of-mine");
  }

  @Test
  void dispatchThatMustRunOnceIsLeftToTheInvocationThatHasItsClaim() throws IOException {
    var unused =
        TestPayloads.sealed(store)
            .put(
                TestPayloads.layout("app").claim("d"),
                ObjectContent.ofUtf8("d/other/request-of-other"));

    TaskResponse response =
        session.run(TestPayloads.task(TestPayloads.session("app"), true), invocation);

    assertThat(response)
        .isEqualTo(
            new TaskResponse.LeftToOther(
                "d", "mine", new Holder("d", "other", "request-of-other")));
    assertThat(events).containsExactly("start app");
  }

  @Test
  void mergeReturnsItsReport() throws IOException {
    MergeResponse response =
        session.merge(TestPayloads.merge(TestPayloads.session("app")), invocation);

    assertThat(response.problem()).isNull();
    assertThat(response.report()).isEqualTo(new MergeReport(1, "nonce", new long[] {7}).encode());
  }

  @Test
  void mergeOfAnotherBuildIsRefused() {
    MergeResponse response =
        session.merge(TestPayloads.merge(TestPayloads.otherBuild()), invocation);

    assertThat(response.problem()).startsWith("driver and worker differ");
    assertThat(response.report()).isNull();
  }

  @Test
  void failedMergeIsAProblemInTheResponse() {
    mergeFails = new CancellationException("its time has passed");

    MergeResponse response =
        session.merge(TestPayloads.merge(TestPayloads.session("app")), invocation);

    assertThat(response.problem()).contains("its time has passed");
    assertThat(response.report()).isNull();
  }
}
