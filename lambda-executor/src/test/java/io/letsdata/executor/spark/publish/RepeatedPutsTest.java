// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.Fault;
import io.letsdata.fixtures.store.FaultyObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.fixtures.store.StoreOperation;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.ForwardingObjectStore;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RepeatedPutsTest {
  private static final ObjectLocation PIECE = new ObjectLocation("b", "run/broadcast/piece");
  private static final ObjectContent CONTENT = ObjectContent.ofUtf8("bytes");

  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final FaultyObjectStore faulty = new FaultyObjectStore(memory);
  private final List<Long> pauses = new ArrayList<>();
  private final ObjectStore store = new RepeatedPuts(faulty, pauses::add);

  @Test
  void putIsRepeatedWhileTheStoreIsUnavailable() throws IOException {
    faulty.inject(StoreOperation.PUT, "piece", 4, new Fault.Unavailable());

    assertThat(store.put(PIECE, CONTENT)).isNotEmpty();

    assertThat(memory.read(PIECE)).isEqualTo("bytes".getBytes(UTF_8));
    assertThat(pauses).containsExactly(1_000L, 2_000L, 4_000L, 8_000L);
  }

  @Test
  void fifthFailureIsTheFailure() {
    faulty.inject(StoreOperation.PUT, "piece", 5, new Fault.Unavailable());

    assertThatThrownBy(() -> store.put(PIECE, CONTENT)).isInstanceOf(StoreUnavailable.class);

    assertThat(faulty.allInjected()).isTrue();
    assertThat(memory.keys("b")).isEmpty();
  }

  @Test
  void refusedPutIsNotRepeated() {
    List<ObjectLocation> puts = new ArrayList<>();
    ObjectStore refusing =
        new ForwardingObjectStore() {
          @Override
          protected ObjectStore delegate() {
            return memory;
          }

          @Override
          public String put(ObjectLocation location, ObjectContent content) throws IOException {
            puts.add(location);
            throw new AccessDenied("Cannot write " + location, null);
          }
        };

    assertThatThrownBy(() -> new RepeatedPuts(refusing, pauses::add).put(PIECE, CONTENT))
        .isInstanceOf(AccessDenied.class);

    assertThat(puts).hasSize(1);
  }
}
