// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunCleanupTest {
  private static final String LAMBDA = "letsdata-00000000-0000-4000-8000-00000000000";
  private static final Duration HOUR = Duration.ofHours(1);

  /** The store's clock, which stands still until it is told. */
  private static final class StoreClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private final StoreClock clock = new StoreClock();
  private final InMemoryObjectStore store = new InMemoryObjectStore(clock, "b");
  private final RunCleanup cleanup = new RunCleanup(store, new ObjectLocation("b", "runs"));

  private void put(String key) throws IOException {
    String unused = store.put(new ObjectLocation("b", key), ObjectContent.ofUtf8("12345"));
  }

  private StoredRun only() throws IOException {
    List<StoredRun> runs = cleanup.find();
    assertThat(runs).hasSize(1);
    return runs.get(0);
  }

  @Test
  void runWithoutHeartbeatIsAbandonedOnlyAfterTheGivenTime() throws IOException {
    put("runs/" + LAMBDA + "1/conf.json");
    put("runs/" + LAMBDA + "1/shuffle/00/0-1-x");
    clock.pass(HOUR.minusSeconds(1));

    assertThat(only().mayRun(cleanup.now(), HOUR)).isTrue();

    clock.pass(Duration.ofSeconds(1));
    assertThat(only().mayRun(cleanup.now(), HOUR)).isFalse();
    assertThat(only().objects()).isEqualTo(2);
    assertThat(only().lengthBytes()).isEqualTo(10);
  }

  @Test
  void heartbeatKeepsAnIdleApplication() throws IOException {
    put("runs/" + LAMBDA + "1/conf.json");
    clock.pass(Duration.ofDays(3));
    put("runs/" + LAMBDA + "1/alive");
    clock.pass(Duration.ofMinutes(5));

    assertThat(only().mayRun(cleanup.now(), HOUR)).isTrue();
    assertThat(only().isYoung(cleanup.now(), HOUR)).isTrue();
  }

  @Test
  void objectStoredAfterTheEndBelongsToAnEndedRun() throws IOException {
    put("runs/" + LAMBDA + "1/response/late");

    assertThat(only().ended()).isTrue();
    assertThat(only().mayRun(cleanup.now(), HOUR)).isFalse();
    assertThat(only().isYoung(cleanup.now(), HOUR)).isTrue();
  }

  @Test
  void runOfAnotherMasterNeverCountsAsEnded() throws IOException {
    put("runs/app-20261121120000-0001/shuffle/00/0-0-x");

    assertThat(only().mayRun(cleanup.now(), HOUR)).isTrue();

    clock.pass(HOUR);
    assertThat(only().mayRun(cleanup.now(), HOUR)).isFalse();
  }

  @Test
  void deletionTakesObjectsAndUploadsOfOneApplicationOnly() throws IOException {
    for (int i = 0; i < 1001; i++) {
      put("runs/" + LAMBDA + "1/result/" + i);
    }
    put("runs/" + LAMBDA + "2/conf.json");
    MultipartUpload upload =
        store.startMultipart(new ObjectLocation("b", "runs/" + LAMBDA + "1/shuffle/00/x"));
    assertThat(upload.handle().parts()).isEmpty();

    StoredRun run = cleanup.find().get(0);
    assertThat(run.application()).isEqualTo(LAMBDA + "1");
    assertThat(run.objects()).isEqualTo(1001);
    assertThat(run.uploads()).isEqualTo(1);
    cleanup.delete(run);

    assertThat(store.keys("b")).containsExactly("runs/" + LAMBDA + "2/conf.json");
    assertThat(store.pendingUploads()).isZero();
  }

  @Test
  void onlyApplicationsAreSeen() throws IOException {
    for (String mine : List.of("notes.txt", "data/x", "letsdata-mine/x", "app-final/x")) {
      put("runs/" + mine);
    }
    put("elsewhere/" + LAMBDA + "1/conf.json");
    assertThat(cleanup.find()).isEmpty();

    for (String application :
        List.of(
            LAMBDA + "1",
            "local-1763730000000",
            "app-20261121120000-0001",
            "application_1763730000000_0042",
            "spark-0123456789abcdef0123456789abcdef")) {
      put("runs/" + application + "/shuffle/00/0-0-x");
    }
    assertThat(cleanup.find()).hasSize(5);
  }

  @Test
  void clockOfTheStoreIsReadAndItsProbeIsDeleted() throws IOException {
    clock.pass(Duration.ofDays(400));

    assertThat(cleanup.now()).isEqualTo(clock.instant());
    assertThat(store.keys("b")).isEmpty();
  }

  @Test
  void driversWithTheSameIdAreTwoApplications() throws IOException {
    put("runs/app-20260101000000-0000-0123456789abcdef/alive");
    put("runs/app-20260101000000-0000-fedcba9876543210/alive");
    put("runs/app-20260101000000-0000/alive"); // of a version without nonces
    put("runs/application_1_2-0123456789abcdef/shuffle/00/0-1-x");
    put("runs/app-20260101000000-0000-mine/x");

    assertThat(cleanup.find()).hasSize(4);
    assertThat(cleanup.find()).filteredOn(run -> run.isOf("app-20260101000000-0000")).hasSize(3);
    assertThat(cleanup.find())
        .filteredOn(run -> run.isOf("app-20260101000000-0000-0123456789abcdef"))
        .hasSize(1);
  }
}
