// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.letsdata.fixtures.store.CountingObjectStore;
import io.letsdata.fixtures.store.Fault;
import io.letsdata.fixtures.store.FaultyObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.fixtures.store.StoreOperation;
import io.letsdata.protocol.Holder;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class CommitGateTest {
  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final FaultyObjectStore faulty = new FaultyObjectStore(memory);
  private final CountingObjectStore store = new CountingObjectStore(faulty);
  private final ObjectLocation right = new ObjectLocation("b", "commit/2/3/0");
  private final CommitGate gate = gate("first");

  private CommitGate gate(String nonce) {
    return new CommitGate(store, right, "d", TestPayloads.invocation(nonce));
  }

  @Test
  void newGateHoldsNothingAndSendsNoRequest() {
    assertThat(gate.held()).isFalse();
    assertThat(gate.holder()).isEmpty();
    assertThat(store.log()).isEmpty();
  }

  @Test
  void firstInvocationTakesTheRightWithOneRequest() throws IOException {
    assertThat(gate.take()).isTrue();

    assertThat(gate.held()).isTrue();
    assertThat(gate.holder()).isEmpty();
    assertThat(store.log()).hasSize(1);
    assertThat(memory.readUtf8(right)).isEqualTo("d/first/request-of-first");
  }

  @Test
  void heldRightIsTakenAgainWithoutARequest() throws IOException {
    assertThat(gate.take()).isTrue();

    assertThat(gate.take()).isTrue();

    assertThat(store.log()).hasSize(1);
  }

  @Test
  void secondInvocationIsDeniedAndNamesTheHolder() throws IOException {
    assertThat(gate("other").take()).isTrue();

    assertThat(gate.take()).isFalse();

    assertThat(gate.held()).isFalse();
    assertThat(gate.holder()).contains(new Holder("d", "other", "request-of-other"));
  }

  @Test
  void rightIsHeldWhenOnlyItsResponseWasLost() throws IOException {
    faulty.inject(StoreOperation.PUT_IF_ABSENT, "commit", 1, new Fault.LoseResponse());

    assertThat(gate.take()).isTrue();

    assertThat(gate.held()).isTrue();
  }

  @Test
  void lostResponseOfADeniedRightNamesTheHolder() throws IOException {
    assertThat(gate("other").take()).isTrue();
    faulty.inject(StoreOperation.PUT_IF_ABSENT, "commit", 1, new Fault.LoseResponse());

    assertThat(gate.take()).isFalse();

    assertThat(gate.holder()).map(Holder::invocation).contains("other");
  }

  @Test
  void rightIsNotHeldWhenTheStoreRefusesTheRequest() {
    faulty.inject(StoreOperation.PUT_IF_ABSENT, "commit", 1, new Fault.Unavailable());

    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(gate::take);

    assertThat(gate.held()).isFalse();
    assertThat(gate.holder()).isEmpty();
  }
}
