// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.ManifestException;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.OutcomeUnknown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Failures and lost responses at every request of a commit, alone and with another job that commits
 * in between.
 */
class CommitProtocolTest {
  /** The fault of a request. */
  enum Fault {
    /** It never reaches the store. */
    FAILS_BEFORE,
    /** It takes effect, and its response is lost. */
    RESPONSE_LOST,
    /** The driver stops before it. */
    STOPS_BEFORE,
    /** The driver stops after it took effect. */
    STOPS_AFTER
  }

  enum Lasting {
    ONCE,
    FROM_THEN_ON
  }

  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final HookedObjectStore store = new HookedObjectStore(memory);

  static Stream<Arguments> everyStep() {
    List<Arguments> cases = new ArrayList<>();
    for (WriteMode mode : WriteMode.values()) {
      for (boolean rival : new boolean[] {false, true}) {
        for (int request = 1; request <= 5; request++) {
          for (Fault fault : Fault.values()) {
            for (Lasting lasting : Lasting.values()) {
              cases.add(Arguments.of(mode, rival, request, fault, lasting));
            }
          }
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource
  void everyStep(WriteMode mode, boolean rival, int request, Fault fault, Lasting lasting)
      throws IOException {
    List<TaskOutput> outputs = CommitFixture.stored(memory, "ours");
    JobCommit commit =
        CommitFixture.commit(
            store, "id-ours", mode, CommitFixture.committer(store).head(mode.operation()));
    if (rival) {
      CommitFixture.commit(memory, "rival", WriteMode.APPEND);
    }
    PlantedFault planted = new PlantedFault(request, fault, lasting);
    store.hook(planted);

    Throwable failure = null;
    boolean published = false;
    try {
      published = commit.commit(CommitFixture.objects(outputs)).isPresent();
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
    store.hook(HookedObjectStore.NONE);
    int deleted = commit.abort(outputs);

    List<String> visible = CommitFixture.visible(memory);
    boolean ours = visible.contains("ours");
    assertThat(CommitFixture.nothingNamedIsMissing(memory)).as("objects of versions").isTrue();
    assertThat(visible.stream().filter("ours"::equals)).hasSize(ours ? 2 : 0);
    assertThat(!published || ours).as("what was reported committed is visible").isTrue();
    assertThat(deleted).as("deleted").isIn(ours || uncertain(failure) ? List.of(0) : List.of(2));
    assertThat(failure instanceof IOException && !uncertain(failure) && ours)
        .as("a failure that is certain was no commit")
        .isFalse();
    if (lasting == Lasting.ONCE && !planted.hitKinds.contains("LIST")) {
      boolean refused = rival && !mode.operation().buildsOnOthers();
      assertThat(ours).as("one lost request changes no outcome").isEqualTo(!refused);
    }
  }

  private static boolean uncertain(@Nullable Throwable failure) {
    return failure instanceof CommitOutcomeUnknown || failure instanceof RuntimeException;
  }

  @Test
  void firstCommitIsOnePut() throws IOException {
    List<TaskOutput> outputs = CommitFixture.stored(memory, "ours");

    CommitFixture.commit(
            store,
            "id",
            WriteMode.APPEND,
            CommitFixture.committer(store).head(WriteMode.APPEND.operation()))
        .commit(CommitFixture.objects(outputs));

    assertThat(store.requests()).containsExactly("LIST", "PUT-IF-ABSENT");
    assertThat(CommitFixture.visible(memory)).containsExactly("ours", "ours");
  }

  @Test
  void noVersionIsVisibleBeforeTheCommit() throws IOException {
    CommitFixture.commit(memory, "first", WriteMode.APPEND);

    CommitFixture.stored(memory, "ours");

    assertThat(CommitFixture.visible(memory)).containsExactly("first", "first");
  }

  @Test
  void appendKeepsEarlierFilesAndOverwriteReplacesThem() throws IOException {
    CommitFixture.commit(memory, "a", WriteMode.APPEND);
    CommitFixture.commit(memory, "b", WriteMode.APPEND);
    assertThat(CommitFixture.visible(memory)).containsExactly("a", "a", "b", "b");

    CommitFixture.commit(memory, "c", WriteMode.OVERWRITE);
    assertThat(CommitFixture.visible(memory)).containsExactly("c", "c");
  }

  @Test
  void lostPutThatArrivesLateIsFenced() throws IOException {
    List<TaskOutput> outputs = CommitFixture.stored(memory, "ours");
    JobCommit commit = CommitFixture.commit(store, "id-ours", WriteMode.APPEND, BaseVersion.NONE);
    // The first put is under way while its answer times out; it arrives only after we have read the
    // key as absent.
    store.hook(
        new HookedObjectStore.Hook() {
          @Override
          public void before(int number, String kind) throws IOException {
            if (number == 1) {
              throw new OutcomeUnknown("planted", null);
            }
            if (number == 3) {
              CommitFixture.commit(memory, "id-ours", WriteMode.APPEND, BaseVersion.NONE)
                  .commit(CommitFixture.objects(outputs));
            }
          }

          @Override
          public void after(int number, String kind) {}
        });

    commit.commit(CommitFixture.objects(outputs));

    assertThat(store.requests()).containsExactly("PUT-IF-ABSENT", "GET", "PUT-IF-ABSENT", "GET");
    assertThat(new ManifestLog(memory, CommitFixture.OUT).latestVersion()).isEqualTo(1);
    assertThat(CommitFixture.visible(memory)).containsExactly("ours", "ours");
  }

  @Test
  void sixteenConcurrentAppendersAreAllPresentOnce() throws Exception {
    int writers = 16;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Void>> running = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < writers; i++) {
      String name = "w" + i;
      names.add(name);
      List<TaskOutput> outputs = CommitFixture.stored(memory, name);
      JobCommit commit =
          CommitFixture.commit(memory, "id-" + name, WriteMode.APPEND, BaseVersion.NONE);
      running.add(
          threads.submit(
              () -> {
                start.await();
                commit.commit(CommitFixture.objects(outputs));
                return null;
              }));
    }

    start.countDown();
    for (Future<Void> writer : running) {
      writer.get(5, TimeUnit.MINUTES);
    }
    threads.shutdown();

    List<String> visible = CommitFixture.visible(memory);
    assertThat(visible).hasSize(2 * writers);
    assertThat(new HashSet<>(visible)).isEqualTo(names);
    assertThat(new ManifestLog(memory, CommitFixture.OUT).latestVersion()).isEqualTo(writers);
  }

  @Test
  void objectStoredAfterTheCommitIsNeverRead() throws IOException {
    CommitFixture.commit(memory, "ours", WriteMode.APPEND);

    CommitFixture.stored(memory, "zombie");

    assertThat(CommitFixture.visible(memory)).containsExactly("ours", "ours");
  }

  @Test
  void refusedPutIsCertainSoTheJobsObjectsAreDeleted() throws IOException {
    List<TaskOutput> outputs = CommitFixture.stored(memory, "ours");
    JobCommit commit = CommitFixture.commit(store, "id-7", WriteMode.APPEND, BaseVersion.NONE);
    store.hook(
        new HookedObjectStore.Hook() {
          @Override
          public void before(int number, String kind) throws IOException {
            throw new AccessDenied("Cannot put: denied", null);
          }

          @Override
          public void after(int number, String kind) {}
        });

    assertThatThrownBy(() -> commit.commit(CommitFixture.objects(outputs)))
        .isInstanceOf(AccessDenied.class);
    assertThat(store.requests()).containsExactly("PUT-IF-ABSENT");
    store.hook(HookedObjectStore.NONE);
    assertThat(commit.abort(outputs)).isEqualTo(2);
    assertThat(memory.keys("b")).isEmpty();
  }

  @Test
  void unknownOutcomeNamesTheManifestAndDeletesNothing() throws IOException {
    List<TaskOutput> outputs = CommitFixture.stored(memory, "ours");
    JobCommit commit = CommitFixture.commit(store, "id-7", WriteMode.APPEND, BaseVersion.NONE);
    store.hook(new PlantedFault(1, Fault.FAILS_BEFORE, Lasting.FROM_THEN_ON));

    assertThatThrownBy(() -> commit.commit(CommitFixture.objects(outputs)))
        .isInstanceOf(CommitOutcomeUnknown.class)
        .hasMessageContaining("-v1.json")
        .hasMessageContaining("id-7")
        .hasMessageContaining("Nothing was deleted");
    store.hook(HookedObjectStore.NONE);
    assertThat(commit.abort(outputs)).isZero();
    assertThat(memory.keys("b")).hasSize(2);
  }

  @Test
  void errorIfExistsFailsWhenAnotherJobWasFirst() throws IOException {
    CommitFixture.commit(memory, "first", WriteMode.APPEND);

    assertThatThrownBy(() -> CommitFixture.commit(memory, "ours", WriteMode.ERROR_IF_EXISTS))
        .isInstanceOf(CommitRefused.class)
        .hasMessageContaining("s3://b/out")
        .hasMessageContaining("written already");
    assertThat(CommitFixture.visible(memory)).containsExactly("first", "first");
  }

  @Test
  void ignoreKeepsAnEarlierVersion() throws IOException {
    CommitFixture.commit(memory, "first", WriteMode.APPEND);

    CommitFixture.commit(memory, "ours", WriteMode.IGNORE);

    assertThat(CommitFixture.visible(memory)).containsExactly("first", "first");
  }

  @Test
  void manifestThatIsBeingStoredIsNotAVersion() throws IOException {
    CommitFixture.commit(memory, "first", WriteMode.APPEND);
    memory.put(
        new ObjectLocation(
            "b", CommitFixture.OUT.manifestKey(2) + "-f3c3905e-a1f9-4165-98c9-fdfd766bae94"),
        ObjectContent.ofUtf8("{"));

    assertThat(CommitFixture.visible(memory)).containsExactly("first", "first");
    CommitFixture.commit(memory, "second", WriteMode.APPEND);
    assertThat(new ManifestLog(memory, CommitFixture.OUT).latestVersion()).isEqualTo(2);
  }

  @Test
  void keyThatIsNoVersionIsInTheWayOfNoJob() throws IOException {
    CommitFixture.commit(memory, "first", WriteMode.APPEND);
    for (String name :
        List.of(
            "0000000000000000000-v9223372036854775807.json",
            "0-notes.txt",
            "9223371036854775806-v1000000000001.json",
            "9223372036854774807-v1000.json",
            "9223372036854775805-v3.json")) {
      put(name, "poison");
    }

    CommitFixture.commit(memory, "second", WriteMode.APPEND);
    CommitFixture.commit(memory, "third", WriteMode.APPEND);

    assertThat(CommitFixture.visible(memory))
        .containsExactly("first", "first", "second", "second", "third", "third");
    assertThat(new ManifestLog(memory, CommitFixture.OUT).latestVersion()).isEqualTo(3);
    CommitFixture.commit(memory, "ours", WriteMode.OVERWRITE);
    assertThat(CommitFixture.visible(memory)).containsExactly("ours", "ours");
  }

  private void put(String manifestName, String text) throws IOException {
    String unused =
        memory.put(
            new ObjectLocation("b", CommitFixture.OUT.manifestPrefix() + manifestName),
            ObjectContent.ofUtf8(text));
  }

  @Test
  void objectInThePlaceOfTheNextVersionIsNamedAndOverwriteGoesOn() throws IOException {
    CommitFixture.commit(memory, "first", WriteMode.APPEND);
    List<TaskOutput> outputs = CommitFixture.stored(memory, "ours");
    JobCommit commit =
        CommitFixture.commit(
            memory,
            "id-ours",
            WriteMode.APPEND,
            CommitFixture.committer(memory).head(WriteMode.APPEND.operation()));
    put("9223372036854775805-v2.json", "poison");

    assertThatThrownBy(() -> commit.commit(CommitFixture.objects(outputs)))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith("Cannot commit to s3://b/out: the place of version 2 is taken.")
        .hasMessageContaining("9223372036854775805-v2.json: it is not a snapshot of version 2");
    assertThat(commit.abort(outputs)).isEqualTo(2);
    assertThatThrownBy(() -> CommitFixture.commit(memory, "second", WriteMode.APPEND))
        .isInstanceOf(ManifestException.class);
    assertThatThrownBy(() -> CommitFixture.visible(memory)).isInstanceOf(ManifestException.class);

    CommitFixture.commit(memory, "third", WriteMode.OVERWRITE);
    CommitFixture.commit(memory, "fourth", WriteMode.APPEND);

    assertThat(CommitFixture.visible(memory)).containsExactly("third", "third", "fourth", "fourth");
  }

  @Test
  void abortAfterCommitDeletesNothing() throws IOException {
    List<TaskOutput> outputs = CommitFixture.stored(memory, "ours");
    JobCommit commit = CommitFixture.commit(memory, "id-7", WriteMode.APPEND, BaseVersion.NONE);
    commit.commit(CommitFixture.objects(outputs));

    assertThat(commit.abort(outputs)).isZero();

    assertThat(CommitFixture.nothingNamedIsMissing(memory)).isTrue();
  }
}
