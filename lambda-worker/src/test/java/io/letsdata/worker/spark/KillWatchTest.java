// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.letsdata.fixtures.store.CountingObjectStore;
import io.letsdata.fixtures.store.Fault;
import io.letsdata.fixtures.store.FaultyObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.fixtures.store.StoreOperation;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class KillWatchTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final FaultyObjectStore faulty = new FaultyObjectStore(memory);
  private final CountingObjectStore store = new CountingObjectStore(faulty);
  private final ObjectLocation flag = new ObjectLocation("b", "kill/d");
  private final ScheduledExecutorService timer = KillWatch.timer();
  private final CountDownLatch killed = new CountDownLatch(1);

  private @Nullable KillWatch watch;

  @AfterEach
  void stop() {
    Objects.requireNonNull(watch).close();
    timer.shutdownNow();
  }

  private void watch(long firstMillis) {
    watch = KillWatch.start(timer, store, flag, firstMillis, killed::countDown);
  }

  private void raise() throws IOException {
    var unused = memory.put(flag, ObjectContent.of(new byte[0]));
  }

  private boolean killedInTime() throws InterruptedException {
    return killed.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void raisedFlagKillsTheTask() throws Exception {
    raise();

    watch(1);

    assertThat(killedInTime()).isTrue();
    assertThat(store.log()).hasSize(1);
  }

  @Test
  void flagThatIsRaisedLaterIsSeenByALaterLook() throws Exception {
    watch(1);
    await().atMost(LIMIT).until(() -> store.log().size() >= 2);
    raise();

    assertThat(killedInTime()).isTrue();
  }

  @Test
  void failedLookIsRepeated() throws Exception {
    raise();
    faulty.inject(StoreOperation.STAT, "kill", 1, new Fault.Unavailable());

    watch(1);

    assertThat(killedInTime()).isTrue();
  }

  @Test
  void taskThatIsShorterThanTheFirstPauseCostsNoRequestAndLeavesNothingOnTheTimer() {
    watch(LIMIT.toMillis());
    Objects.requireNonNull(watch).close();

    assertThat(store.log()).isEmpty();
    assertThat(((ScheduledThreadPoolExecutor) timer).getQueue()).isEmpty();
  }
}
