// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.letsdata.fixtures.store.HangingObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunHeartbeatTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final ObjectLocation root = new ObjectLocation("b", "runs/app");

  @Test
  void heartbeatIsStoredWhileTheApplicationRunsAndDeletedAfterwards() {
    try (RunHeartbeat heartbeat = RunHeartbeat.start(store, root, Duration.ofMillis(5))) {
      await()
          .atMost(Duration.ofMinutes(5))
          .until(() -> store.keys("b").equals(java.util.List.of("runs/app/alive")));
      assertThat(heartbeat).isNotNull();
    }

    assertThat(store.keys("b")).isEmpty();
  }

  @Test
  void applicationThatEndsSoonStoresNothing() throws IOException {
    RunHeartbeat.start(store, root).close();

    assertThat(store.keys("b")).isEmpty();
  }

  @Test
  void heartbeatWithoutAResponseDoesNotDelayTheEnd() {
    try (HangingObjectStore hanging = new HangingObjectStore()) {
      RunHeartbeat heartbeat = RunHeartbeat.start(hanging, root, Duration.ofMillis(5));
      await().atMost(Duration.ofMinutes(5)).until(() -> hanging.requests() == 1);

      assertTimeoutPreemptively(Duration.ofMinutes(5), heartbeat::close);
    }
  }
}
