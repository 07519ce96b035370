// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import org.junit.jupiter.api.Test;

final class TaskSlotTest {
  private final TaskSlot slot = new TaskSlot();

  private static CurrentTask task(String nonce) {
    return new CurrentTask(
        TestPayloads.task("app"), TestPayloads.invocation(nonce), new InMemoryObjectStore("b"));
  }

  @Test
  void emptySlotIsAnError() {
    assertThatIllegalStateException()
        .isThrownBy(slot::get)
        .withMessage("No task has arrived in this environment");
  }

  @Test
  void slotHoldsTheLatestTask() {
    slot.set(task("first"));
    slot.set(task("second"));

    assertThat(slot.get().nonce()).isEqualTo("second");
  }
}
