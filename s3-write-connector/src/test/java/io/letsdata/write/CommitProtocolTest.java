// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.read.spi.LatestManifest;
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
 * Kills and lost answers at every request of a commit, alone and with a rival who commits in
 * between.
 */
class CommitProtocolTest {
  /** What happens to a request. */
  enum Fault {
    /** It never reaches the store. */
    FAILS_BEFORE,
    /** It takes effect and its answer is lost. */
    ANSWER_LOST,
    /** The driver's code dies before it; nothing is certain to it. */
    DIES_BEFORE,
    /** The driver's code dies after it took effect. */
    DIES_AFTER
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
    List<TaskOutput> outputs = Outputs.stored(memory, "ours");
    JobCommit commit = Outputs.commit(store, "id-ours", mode, Outputs.committer(store).head(mode));
    if (rival) {
      Outputs.commit(memory, "rival", WriteMode.APPEND);
    }
    Planted planted = new Planted(request, fault, lasting);
    store.hook(planted);

    Throwable failure = null;
    boolean published = false;
    try {
      published = commit.commit(Outputs.objects(outputs)).isPresent();
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
    store.hook(HookedObjectStore.NONE);
    int deleted = commit.abort(outputs);

    List<String> visible = Outputs.visible(memory);
    boolean ours = visible.contains("ours");
    assertThat(Outputs.nothingNamedIsMissing(memory)).as("objects of versions").isTrue();
    assertThat(visible.stream().filter("ours"::equals)).hasSize(ours ? 2 : 0);
    assertThat(!published || ours).as("what was reported committed is visible").isTrue();
    assertThat(deleted).as("deleted").isIn(ours || uncertain(failure) ? List.of(0) : List.of(2));
    assertThat(failure instanceof IOException && !uncertain(failure) && ours)
        .as("a failure that is certain was no commit")
        .isFalse();
    if (lasting == Lasting.ONCE && !planted.hitKinds.contains("LIST")) {
      boolean refused = rival && !mode.buildsOnOthers();
      assertThat(ours).as("one lost request changes no outcome").isEqualTo(!refused);
    }
  }

  private static boolean uncertain(@Nullable Throwable failure) {
    return failure instanceof CommitOutcomeUnknown || failure instanceof RuntimeException;
  }

  @Test
  void firstCommitIsOnePut() throws IOException {
    List<TaskOutput> outputs = Outputs.stored(memory, "ours");

    Outputs.commit(store, "id", WriteMode.APPEND, Outputs.committer(store).head(WriteMode.APPEND))
        .commit(Outputs.objects(outputs));

    assertThat(store.requests()).containsExactly("LIST", "PUT-IF-ABSENT");
    assertThat(Outputs.visible(memory)).containsExactly("ours", "ours");
  }

  @Test
  void nothingIsVisibleBeforeTheCommit() throws IOException {
    Outputs.commit(memory, "first", WriteMode.APPEND);

    Outputs.stored(memory, "ours");

    assertThat(Outputs.visible(memory)).containsExactly("first", "first");
  }

  @Test
  void appendKeepsEarlierFilesAndOverwriteReplacesThem() throws IOException {
    Outputs.commit(memory, "a", WriteMode.APPEND);
    Outputs.commit(memory, "b", WriteMode.APPEND);
    assertThat(Outputs.visible(memory)).containsExactly("a", "a", "b", "b");

    Outputs.commit(memory, "c", WriteMode.OVERWRITE);
    assertThat(Outputs.visible(memory)).containsExactly("c", "c");
  }

  @Test
  void lostPutThatArrivesLateIsFenced() throws IOException {
    List<TaskOutput> outputs = Outputs.stored(memory, "ours");
    JobCommit commit = Outputs.commit(store, "id-ours", WriteMode.APPEND, Head.NONE);
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
              Outputs.commit(memory, "id-ours", WriteMode.APPEND, Head.NONE)
                  .commit(Outputs.objects(outputs));
            }
          }

          @Override
          public void after(int number, String kind) {}
        });

    commit.commit(Outputs.objects(outputs));

    assertThat(store.requests()).containsExactly("PUT-IF-ABSENT", "GET", "PUT-IF-ABSENT", "GET");
    assertThat(LatestManifest.version(memory, Outputs.OUT)).contains(1L);
    assertThat(Outputs.visible(memory)).containsExactly("ours", "ours");
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
      List<TaskOutput> outputs = Outputs.stored(memory, name);
      JobCommit commit = Outputs.commit(memory, "id-" + name, WriteMode.APPEND, Head.NONE);
      running.add(
          threads.submit(
              () -> {
                start.await();
                commit.commit(Outputs.objects(outputs));
                return null;
              }));
    }

    start.countDown();
    for (Future<Void> writer : running) {
      writer.get(5, TimeUnit.MINUTES);
    }
    threads.shutdown();

    List<String> visible = Outputs.visible(memory);
    assertThat(visible).hasSize(2 * writers);
    assertThat(new HashSet<>(visible)).isEqualTo(names);
    assertThat(LatestManifest.version(memory, Outputs.OUT)).contains((long) writers);
  }

  @Test
  void writerThatStoresAfterTheCommitIsNeverRead() throws IOException {
    Outputs.commit(memory, "ours", WriteMode.APPEND);

    Outputs.stored(memory, "zombie");

    assertThat(Outputs.visible(memory)).containsExactly("ours", "ours");
  }

  @Test
  void refusedPutIsCertainSoTheJobsObjectsAreDeleted() throws IOException {
    List<TaskOutput> outputs = Outputs.stored(memory, "ours");
    JobCommit commit = Outputs.commit(store, "id-7", WriteMode.APPEND, Head.NONE);
    store.hook(
        new HookedObjectStore.Hook() {
          @Override
          public void before(int number, String kind) throws IOException {
            throw new AccessDenied("Cannot put: denied", null);
          }

          @Override
          public void after(int number, String kind) {}
        });

    assertThatThrownBy(() -> commit.commit(Outputs.objects(outputs)))
        .isInstanceOf(AccessDenied.class);
    assertThat(store.requests()).containsExactly("PUT-IF-ABSENT");
    store.hook(HookedObjectStore.NONE);
    assertThat(commit.abort(outputs)).isEqualTo(2);
    assertThat(memory.keys("b")).isEmpty();
  }

  @Test
  void unknownOutcomeNamesTheManifestToLookAtAndDeletesNothing() throws IOException {
    List<TaskOutput> outputs = Outputs.stored(memory, "ours");
    JobCommit commit = Outputs.commit(store, "id-7", WriteMode.APPEND, Head.NONE);
    store.hook(new Planted(1, Fault.FAILS_BEFORE, Lasting.FROM_THEN_ON));

    assertThatThrownBy(() -> commit.commit(Outputs.objects(outputs)))
        .isInstanceOf(CommitOutcomeUnknown.class)
        .hasMessageContaining("-v1.json")
        .hasMessageContaining("id-7")
        .hasMessageContaining("Nothing was deleted");
    store.hook(HookedObjectStore.NONE);
    assertThat(commit.abort(outputs)).isZero();
    assertThat(memory.keys("b")).hasSize(2);
  }

  @Test
  void errorIfExistsRefusesWhenAnotherWasFirst() throws IOException {
    Outputs.commit(memory, "first", WriteMode.APPEND);

    assertThatThrownBy(() -> Outputs.commit(memory, "ours", WriteMode.ERROR_IF_EXISTS))
        .isInstanceOf(CommitRefused.class)
        .hasMessageContaining("s3://b/out")
        .hasMessageContaining("written already");
    assertThat(Outputs.visible(memory)).containsExactly("first", "first");
  }

  @Test
  void ignoreLeavesAnEarlierVersionAlone() throws IOException {
    Outputs.commit(memory, "first", WriteMode.APPEND);

    Outputs.commit(memory, "ours", WriteMode.IGNORE);

    assertThat(Outputs.visible(memory)).containsExactly("first", "first");
  }

  @Test
  void manifestThatIsJustBeingStoredIsNoVersionYet() throws IOException {
    Outputs.commit(memory, "first", WriteMode.APPEND);
    memory.put(
        new ObjectLocation(
            "b", Outputs.OUT.manifestKey(2) + "-f3c3905e-a1f9-4165-98c9-fdfd766bae94"),
        ObjectContent.ofUtf8("{"));

    assertThat(Outputs.visible(memory)).containsExactly("first", "first");
    Outputs.commit(memory, "second", WriteMode.APPEND);
    assertThat(LatestManifest.version(memory, Outputs.OUT)).contains(2L);
  }

  @Test
  void abortAfterCommitDeletesNothing() throws IOException {
    List<TaskOutput> outputs = Outputs.stored(memory, "ours");
    JobCommit commit = Outputs.commit(memory, "id-7", WriteMode.APPEND, Head.NONE);
    commit.commit(Outputs.objects(outputs));

    assertThat(commit.abort(outputs)).isZero();

    assertThat(Outputs.nothingNamedIsMissing(memory)).isTrue();
  }

  /** Plants a fault at one request or from it on. */
  private static final class Planted implements HookedObjectStore.Hook {
    private final int request;
    private final Fault fault;
    private final Lasting lasting;
    private final Set<String> hitKinds = new HashSet<>();

    Planted(int request, Fault fault, Lasting lasting) {
      this.request = request;
      this.fault = fault;
      this.lasting = lasting;
    }

    private boolean hit(int number, String kind) {
      boolean hit = lasting == Lasting.ONCE ? number == request : number >= request;
      if (hit) {
        hitKinds.add(kind);
      }
      return hit;
    }

    @Override
    public void before(int number, String kind) throws IOException {
      if (hit(number, kind) && fault == Fault.FAILS_BEFORE) {
        throw new OutcomeUnknown("planted before " + kind, null);
      }
      if (hit(number, kind) && fault == Fault.DIES_BEFORE) {
        throw new IllegalStateException("planted before " + kind);
      }
    }

    @Override
    public void after(int number, String kind) throws IOException {
      if (hit(number, kind) && fault == Fault.ANSWER_LOST) {
        throw new OutcomeUnknown("planted after " + kind, null);
      }
      if (hit(number, kind) && fault == Fault.DIES_AFTER) {
        throw new IllegalStateException("planted after " + kind);
      }
    }
  }
}
