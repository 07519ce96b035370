// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.letsdata.fixtures.store.Fault;
import io.letsdata.fixtures.store.FaultyObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.fixtures.store.StoreOperation;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.Holder;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.TaskState;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreUnavailable;
import io.letsdata.worker.spark.TestPayloads;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The transitions from a task's end to its response. */
final class StoredResponseTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofHours(2);
  private static final Holder OTHER = new Holder("other", "nonce", "request");

  private final TaskPayload payload = TestPayloads.task("app");
  private final TaskPayload runOnce = TestPayloads.task(TestPayloads.session("app"), true);
  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final FaultyObjectStore store = new FaultyObjectStore(memory);
  private final ObjectLocation copy = TestPayloads.layout("app").response("d");

  private static TaskResponse ended(
      TaskState state, boolean commitHeld, @Nullable Holder commitHolder) {
    return new TaskResponse.Ended(
        "d",
        "mine",
        state,
        Blob.of(new byte[0]),
        commitHeld,
        commitHolder,
        List.of(),
        List.of(),
        Map.of(),
        null);
  }

  @Test
  void shortTaskWithoutARightIsNotStored() {
    TaskResponse response = ended(TaskState.FINISHED, false, null);

    assertThat(StoredResponse.isNeeded(payload, response, SHORT)).isFalse();
  }

  @Test
  void longTaskIsStored() {
    TaskResponse response = ended(TaskState.FINISHED, false, null);

    assertThat(StoredResponse.isNeeded(payload, response, LONG)).isTrue();
  }

  @Test
  void holderOfTheCommitRightIsStored() {
    TaskResponse response = ended(TaskState.FAILED, true, null);

    assertThat(StoredResponse.isNeeded(payload, response, SHORT)).isTrue();
  }

  @Test
  void dispatchThatMustRunOnceIsStored() {
    TaskResponse response = ended(TaskState.FAILED, false, null);

    assertThat(StoredResponse.isNeeded(runOnce, response, SHORT)).isTrue();
  }

  @Test
  void taskThatWasDeniedItsCommitIsNotStored() {
    TaskResponse response = ended(TaskState.FAILED, false, OTHER);

    assertThat(StoredResponse.isNeeded(runOnce, response, LONG)).isFalse();
  }

  @Test
  void killedTaskIsNotStored() {
    TaskResponse response = ended(TaskState.KILLED, false, null);

    assertThat(StoredResponse.isNeeded(runOnce, response, LONG)).isFalse();
  }

  @Test
  void killedTaskWithTheCommitRightIsStored() {
    TaskResponse response = ended(TaskState.KILLED, true, null);

    assertThat(StoredResponse.isNeeded(payload, response, SHORT)).isTrue();
  }

  @Test
  void taskThatDidNotRunIsNotStored() {
    assertThat(
            StoredResponse.isNeeded(
                runOnce, new TaskResponse.NotStarted("d", "mine", "no permission"), LONG))
        .isFalse();
    assertThat(
            StoredResponse.isNeeded(
                runOnce, new TaskResponse.LeftToOther("d", "mine", OTHER), LONG))
        .isFalse();
  }

  @Test
  void firstStoredResponseStays() throws IOException {
    StoredResponse.store(payload, new byte[] {1}, store);
    StoredResponse.store(payload, new byte[] {2}, store);

    assertThat(memory.read(copy)).containsExactly(1);
  }

  @Test
  void lostResponseOfTheStoreIsNoError() throws IOException {
    store.inject(StoreOperation.PUT_IF_ABSENT, "response", 1, new Fault.LoseResponse());

    StoredResponse.store(payload, new byte[] {1}, store);

    assertThat(memory.read(copy)).containsExactly(1);
  }

  @Test
  void refusedStoreFailsTheInvocation() {
    store.inject(StoreOperation.PUT_IF_ABSENT, "response", 1, new Fault.Unavailable());

    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> StoredResponse.store(payload, new byte[] {1}, store));
  }
}
