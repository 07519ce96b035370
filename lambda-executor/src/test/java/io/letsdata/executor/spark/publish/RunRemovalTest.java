// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.letsdata.fixtures.store.HangingObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.protocol.RunHeartbeat;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RunRemovalTest {
  private final ObjectLocation root = new ObjectLocation("b", "runs/app");

  private RunRemoval end(ObjectStore store) {
    return new RunRemoval(
        store, root, RunHeartbeat.start(store, root), false, Set.of("runs/app/kill/1"));
  }

  @Test
  void storeThatNeverRespondsDoesNotDelayAnEndingProcess() {
    try (HangingObjectStore store = new HangingObjectStore()) {
      assertTimeoutPreemptively(
          Duration.ofMinutes(5), () -> end(store).cleanUnlessItHangs(Duration.ofMillis(200)));

      assertThat(store.requests()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void endingProcessDeletesAllButKillFlags() throws IOException {
    InMemoryObjectStore store = new InMemoryObjectStore("b");
    store.put(root.resolve("conf"), ObjectContent.ofUtf8("{}"));
    store.put(root.resolve("kill/1"), ObjectContent.ofUtf8(""));

    end(store).cleanUnlessItHangs(Duration.ofMinutes(5));

    assertThat(store.keys("b")).containsExactly("runs/app/kill/1");
  }
}
