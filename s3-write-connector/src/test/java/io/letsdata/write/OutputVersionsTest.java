// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.OperationKind;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.read.spi.VersionHold;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreUnavailable;
import io.letsdata.write.commit.CommitOrigin;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expiry, rollback and check of versions. */
class OutputVersionsTest {
  private static final Instant STORED = Instant.parse("2026-01-31T12:00:00Z");
  private static final Instant LATER = STORED.plus(Duration.ofDays(8));
  private static final OutputExpiry.Keep ONE = new OutputExpiry.Keep(1, Duration.ofDays(7));

  private final InMemoryObjectStore memory =
      new InMemoryObjectStore(Clock.fixed(STORED, ZoneOffset.UTC), "b");
  private final HookedObjectStore store = new HookedObjectStore(memory);
  private final ManifestLog log = new ManifestLog(memory, CommitFixture.OUT);

  private void threeVersions() throws IOException {
    CommitFixture.commit(memory, "a", WriteMode.APPEND);
    CommitFixture.commit(memory, "b", WriteMode.OVERWRITE);
    CommitFixture.commit(memory, "c", WriteMode.APPEND);
  }

  private List<String> data() {
    return memory.keys("b").stream()
        .filter(key -> key.startsWith("out/data/"))
        .map(key -> key.substring(key.lastIndexOf('-') + 1, key.lastIndexOf('.')))
        .distinct()
        .toList();
  }

  @Test
  void expiryDeletesTheFilesThatOnlyOldVersionsHave() throws IOException {
    threeVersions();

    OutputExpiry.Result result = OutputExpiry.expire(memory, CommitFixture.OUT, LATER, ONE);

    assertThat(result.expired()).containsExactly(1L, 2L);
    assertThat(result.deleted()).hasSize(2);
    assertThat(data()).containsExactly("b", "c");
    assertThat(CommitFixture.visible(memory)).containsExactly("b", "b", "c", "c");
    assertThat(log.read(1).state()).isEqualTo(VersionState.PURGED);
    assertThat(log.read(1).lineage().orElseThrow().operation()).isEqualTo(OperationKind.APPEND);
    assertThat(OutputExpiry.expire(memory, CommitFixture.OUT, LATER, ONE).deleted()).isEmpty();
    CommitFixture.commit(memory, "d", WriteMode.APPEND);
    assertThat(log.latestVersion()).isEqualTo(4);
  }

  @Test
  void youngVersionsAndTheLastOnesStay() throws IOException {
    threeVersions();

    assertThat(
            OutputExpiry.plan(
                    memory, CommitFixture.OUT, LATER, new OutputExpiry.Keep(2, Duration.ZERO))
                .expired())
        .containsExactly(1L);
    assertThat(OutputExpiry.plan(memory, CommitFixture.OUT, STORED, ONE).expired()).isEmpty();
    assertThat(log.read(1).state()).isEqualTo(VersionState.LIVE);
  }

  @Test
  void versionThatAReaderHoldsStaysUntilTheHoldEnds() throws IOException {
    threeVersions();
    VersionHold unused = VersionHold.declare(memory, CommitFixture.OUT, 1, Duration.ofHours(6));
    Instant soon = STORED.plus(Duration.ofHours(5));
    OutputExpiry.Keep keep = new OutputExpiry.Keep(1, Duration.ZERO);

    OutputExpiry.Result first = OutputExpiry.expire(memory, CommitFixture.OUT, soon, keep);

    assertThat(first.held()).containsExactly(1L);
    assertThat(first.expired()).containsExactly(2L);
    assertThat(data()).containsExactly("a", "b", "c");

    OutputExpiry.Result second =
        OutputExpiry.expire(memory, CommitFixture.OUT, STORED.plus(Duration.ofHours(7)), keep);

    assertThat(second.expired()).containsExactly(1L);
    assertThat(data()).containsExactly("b", "c");
  }

  @Test
  void foreignObjectsBelowTheHoldsAreNoHolds() throws IOException {
    threeVersions();
    for (String text :
        List.of("", "1", "x y", "1 99999999999999999999", "-1 60", "1 -60", "1 60 ")) {
      String unused =
          memory.put(
              new ObjectLocation("b", "out/_letsdata/holds/" + text.hashCode()),
              ObjectContent.ofUtf8(text));
    }

    assertThat(VersionHold.held(memory, CommitFixture.OUT, STORED)).isEmpty();
  }

  @Test
  void expiryThatStopsAtAnyRequestIsFinishedByTheNext() throws IOException {
    for (int request = 1; request <= 24; request++) {
      OutputVersionsTest run = new OutputVersionsTest();
      run.threeVersions();
      run.store.hook(failingFrom(request));
      try {
        OutputExpiry.Result unused = OutputExpiry.expire(run.store, CommitFixture.OUT, LATER, ONE);
      } catch (IOException e) {
        // planted
      }
      run.store.hook(HookedObjectStore.NONE);
      assertThat(CommitFixture.visible(run.memory)).containsExactly("b", "b", "c", "c");

      OutputExpiry.Result unused = OutputExpiry.expire(run.memory, CommitFixture.OUT, LATER, ONE);

      assertThat(run.data()).as("stopped before request " + request).containsExactly("b", "c");
      assertThat(run.log.read(2).state()).isEqualTo(VersionState.PURGED);
      assertThat(CommitFixture.visible(run.memory)).containsExactly("b", "b", "c", "c");
    }
  }

  private static HookedObjectStore.Hook failingFrom(int first) {
    return new HookedObjectStore.Hook() {
      @Override
      public void before(int number, String request) throws IOException {
        if (number >= first) {
          throw new StoreUnavailable("planted", null);
        }
      }

      @Override
      public void after(int number, String request) {}
    };
  }

  @Test
  void rollbackCommitsTheFilesOfAnEarlierVersion() throws IOException {
    threeVersions();

    Snapshot back =
        OutputHistory.rollBack(
            memory, CommitFixture.OUT, 1, CommitOrigin.of("me", ""), CommitFixture.NO_PAUSE);

    assertThat(back.version()).isEqualTo(4);
    assertThat(back.lineage().orElseThrow().operation()).isEqualTo(OperationKind.ROLLBACK);
    assertThat(back.lineage().orElseThrow().change().addedFiles()).isEqualTo(2);
    assertThat(back.lineage().orElseThrow().change().removedFiles()).isEqualTo(4);
    assertThat(CommitFixture.visible(memory)).containsExactly("a", "a");
    assertThat(memory.keys("b")).noneMatch(key -> key.contains("/holds/"));
  }

  @Test
  void rollbackToAnExpiredOrMissingVersionIsRefused() throws IOException {
    threeVersions();
    OutputExpiry.Result unused = OutputExpiry.expire(memory, CommitFixture.OUT, LATER, ONE);

    assertThatThrownBy(() -> rollBack(1))
        .isInstanceOf(ManifestException.class)
        .hasMessage(
            "Cannot roll back s3://b/out to version 1: it is purged. See letsdata output history.");
    assertThatThrownBy(() -> rollBack(9))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("to version 9: it does not exist");
  }

  private Snapshot rollBack(long version) throws IOException {
    return OutputHistory.rollBack(
        memory, CommitFixture.OUT, version, CommitOrigin.of("me", ""), CommitFixture.NO_PAUSE);
  }

  @Test
  void historyNamesTheLatestVersionsFirst() throws IOException {
    threeVersions();

    assertThat(OutputHistory.latest(memory, CommitFixture.OUT, 2))
        .extracting(Snapshot::version)
        .containsExactly(3L, 2L);
  }

  @Test
  void checkNamesFilesThatAreMissingOrChanged() throws IOException {
    threeVersions();
    Snapshot latest = log.latest().orElseThrow();
    assertThat(OutputCheck.verify(memory, CommitFixture.OUT, latest))
        .isEqualTo(new OutputCheck.Result(4, List.of()));
    ObjectLocation missing = ObjectLocation.parse(latest.files().get(0).location());
    ObjectLocation longer = ObjectLocation.parse(latest.files().get(1).location());
    ObjectLocation other = ObjectLocation.parse(latest.files().get(2).location());
    memory.delete(List.of(missing));
    String unused = memory.put(longer, ObjectContent.ofUtf8("longer"));
    String unused2 = memory.put(other, ObjectContent.ofUtf8("xx"));

    OutputCheck.Result result = OutputCheck.verify(memory, CommitFixture.OUT, latest);

    assertThat(result.problems()).hasSize(3);
    assertThat(result.problems().get(0)).isEqualTo(missing + " does not exist");
    assertThat(result.problems().get(1))
        .isEqualTo(longer + " has 6 bytes, and the manifest names 2");
    assertThat(result.problems().get(2)).contains("has etag", "and the manifest names");
  }

  @Test
  void versionAtATimeIsTheLatestThatWasCommittedBefore() throws IOException {
    threeVersions();
    Instant second = log.read(2).lineage().orElseThrow().time();

    assertThat(log.at(second).orElseThrow().version()).isEqualTo(2);
    assertThat(log.at(second.minusMillis(1)).orElseThrow().version()).isEqualTo(1);
    assertThat(log.at(Instant.EPOCH)).isEmpty();
    assertThat(log.at(Instant.parse("2100-01-01T00:00:00Z")).orElseThrow().version()).isEqualTo(3);
  }

  @Test
  void compactionPlanGroupsSmallFilesUpToTheTarget() throws IOException {
    threeVersions();
    Snapshot latest = log.latest().orElseThrow();

    CompactionPlan plan = CompactionPlan.of(memory, CommitFixture.OUT, latest, 6);

    assertThat(plan.groups()).hasSize(1);
    assertThat(plan.groups().get(0).files()).hasSize(3);
    assertThat(plan.replaced()).hasSize(3);
  }
}
