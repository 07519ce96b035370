// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.protocol.Blob;
import io.letsdata.protocol.Holder;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.RunKey;
import io.letsdata.protocol.StoredPayload;
import io.letsdata.protocol.TaskState;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects of settled dispatches stay while an invocation may be alive, and are deleted then. */
final class SettledObjectsTest extends DispatchFixture {
  private static final long MINUTE = 60;

  @Test
  void objectsOfALongTaskAreDeletedWhenNoInvocationCanBeAlive() throws IOException {
    ObjectLocation result = layout.result("d", "only");
    payload =
        new String(
            Messages.encode(new StoredPayload("s3://b/runs/app/p", Map.of(), RunKey.NONE)), UTF_8);
    TaskDispatch task = start();
    put(layout.payload(task.id()));
    put(result);
    timer.pass(settings.storeResponseAfter().toSeconds());
    storeResponse(task, "only", TaskState.FINISHED);

    returns(0, ended(task.id(), "only", TaskState.FINISHED, Blob.at(result), null));

    assertSettled(task, "0 FINISHED");
    assertThat(keys()).hasSize(3);
    passUntil(ALIVE.toSeconds() - MINUTE);
    assertThat(keys()).hasSize(3);
    passUntil(ALIVE.toSeconds() + 2 * MINUTE);
    assertThat(keys()).isEmpty();
  }

  @Test
  void killFlagIsDeletedWhenNoInvocationCanBeAlive() {
    TaskDispatch task = start();
    dispatching.kill(0, "cancelled");
    returns(0, ended(task, "only", TaskState.KILLED, null));
    assertThat(keys()).containsExactly("runs/app/kill/" + task.id());

    passUntil(ALIVE.toSeconds() + 2 * MINUTE);

    assertThat(keys()).isEmpty();
  }

  @Test
  void shortTaskLeavesNothingToDelete() {
    TaskDispatch task = start();

    returns(0, ended(task, "only", TaskState.FINISHED, null));

    assertSettled(task, "0 FINISHED");
    assertThat(timer.next()).isFalse();
  }

  @Test
  void commitRightStaysUntilTheLastAttemptOfItsPartitionCannotBeAlive() throws IOException {
    TaskDispatch first = start();
    TaskDispatch copy = start();
    takeRight(first, "n1", "r1");
    returns(0, ended(first, "n1", TaskState.FINISHED, null));
    timer.pass(10 * MINUTE);
    returns(1, ended(copy, "n2", TaskState.FAILED, new Holder(first.id(), "n1", "request-of-0")));
    long copySettled = 10 * MINUTE;

    passUntil(copySettled + ALIVE.toSeconds() - MINUTE);
    assertThat(keys()).contains("runs/app/commit/3/0/0");
    passUntil(copySettled + ALIVE.toSeconds() + 3 * MINUTE);

    assertThat(keys()).isEmpty();
    assertThat(generation()).isZero();
  }

  @Test
  void revokedRightStaysWhileAnotherAttemptRuns() throws IOException {
    TaskDispatch first = start();
    fails(0, "Runtime.ExitError", "planted", "");
    assertThat(keys()).containsExactly("runs/app/commit/3/0/0");
    timer.pass(10 * MINUTE);
    TaskDispatch second = start();

    passUntil(14 * MINUTE + ALIVE.toSeconds());
    assertThat(keys()).containsExactly("runs/app/commit/3/0/0");
    returns(1, ended(second, "n2", TaskState.FINISHED, null));
    passUntil(timer.nowNanos() / 1_000_000_000 + ALIVE.toSeconds() + 3 * MINUTE);

    assertThat(first.ended()).isDone();
    assertThat(keys()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void resultOfAnInvocationThatWasLostIsDeleted(boolean crashed) throws IOException {
    TaskDispatch task = start();
    put(layout.result(task.id(), "of-the-lost"));
    put(layout.result("another-dispatch", "x"));
    if (crashed) {
      fails(0, "Runtime.ExitError", "exit status 1", "");
    } else {
      loses(0);
    }
    untilReported();

    assertSettled(task, "0 lost");
    passUntil(timer.nowNanos() / 1_000_000_000 + ALIVE.toSeconds() + 3 * MINUTE);

    assertThat(keys()).containsExactly("runs/app/result/another-dispatch-x");
  }

  private void put(ObjectLocation location) throws IOException {
    String unused = store.put(location, ObjectContent.of(new byte[1]));
  }

  private List<String> keys() {
    return bucket.keys("b");
  }

  /** Lets time pass in steps of seconds and runs what is planned in it. */
  private void passUntil(long second) {
    while (timer.nowNanos() / 1_000_000_000 < second && timer.next()) {}
  }
}
