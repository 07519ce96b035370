// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The plain layout: what a lister sees, and that recovery finishes what a dead driver began. */
class PlainCommitTest {
  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final HookedObjectStore store = new HookedObjectStore(memory);

  private static List<TaskOutput> uploaded(ObjectStore store, String name) throws IOException {
    List<TaskOutput> outputs = new ArrayList<>();
    for (int partition = 0; partition < 3; partition++) {
      ObjectNames names =
          new ObjectNames(CommitFixture.OUT, Layout.PLAIN, partition, 7, name, "txt");
      ObjectSink sink = new ObjectSink(store, names.location(0), Layout.PLAIN);
      sink.write(new byte[] {1, 2, 3});
      sink.close();
      outputs.add(new TaskOutput(partition, List.of(sink.result(1))));
    }
    return outputs;
  }

  private static JobCommit plain(ObjectStore store, String id, WriteMode mode, BaseVersion base) {
    return new JobCommit(
        store,
        new PlainPublication(
            store,
            CommitFixture.OUT,
            OutputRecovery.completion(store, CommitFixture.OUT, CommitFixture.NO_PAUSE),
            CommitFixture.job(id, mode, Layout.PLAIN),
            base));
  }

  private static void commit(ObjectStore store, String name, WriteMode mode) throws IOException {
    plain(store, "id-" + name, mode, CommitFixture.committer(store).head(mode.operation()))
        .commit(CommitFixture.objects(uploaded(store, name)));
  }

  /**
   * Nonces that a tool sees which lists the output and skips names that begin with an underscore.
   */
  private List<String> listed() {
    return memory.keys("b").stream()
        .map(key -> key.substring("out/".length()))
        .filter(name -> !name.startsWith("_"))
        .map(name -> name.substring(name.lastIndexOf('-') + 1, name.lastIndexOf('.')))
        .toList();
  }

  private List<String> records() {
    return memory.keys("b").stream().filter(key -> key.contains("/pending/")).toList();
  }

  private List<String> refused() {
    return memory.keys("b").stream().filter(key -> key.contains("/refused/")).toList();
  }

  @Test
  void noObjectIsListedBeforeTheCommitAndAllAreAfterIt() throws IOException {
    List<TaskOutput> outputs = uploaded(memory, "ours");
    assertThat(memory.keys("b")).isEmpty();

    plain(memory, "id", WriteMode.APPEND, BaseVersion.NONE).commit(CommitFixture.objects(outputs));

    assertThat(listed()).containsExactly("ours", "ours", "ours");
    assertThat(CommitFixture.visible(memory)).containsExactly("ours", "ours", "ours");
    assertThat(memory.pendingUploads()).isZero();
    assertThat(records()).isEmpty();
  }

  @Test
  void overwriteRemovesWhatItReplacedFromTheListing() throws IOException {
    commit(memory, "first", WriteMode.APPEND);
    commit(memory, "second", WriteMode.APPEND);

    commit(memory, "third", WriteMode.OVERWRITE);

    assertThat(listed()).containsExactly("third", "third", "third");
    assertThat(CommitFixture.visible(memory)).containsExactly("third", "third", "third");
  }

  @Test
  void abortBeforeTheCommitLeavesNoUpload() throws IOException {
    List<TaskOutput> outputs = uploaded(memory, "ours");

    plain(memory, "id", WriteMode.APPEND, BaseVersion.NONE).abort(outputs);

    assertThat(memory.pendingUploads()).isZero();
    assertThat(memory.keys("b")).isEmpty();
  }

  static Stream<Arguments> commitOfDriverThatStopsAtAnyRequestIsFinishedByRecovery() {
    List<Arguments> cases = new ArrayList<>();
    for (WriteMode mode : List.of(WriteMode.APPEND, WriteMode.OVERWRITE)) {
      for (int request = 1; request <= 13; request++) {
        for (boolean takesEffect : new boolean[] {false, true}) {
          for (boolean rival : new boolean[] {false, true}) {
            cases.add(Arguments.of(mode, request, takesEffect, rival));
          }
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource
  void commitOfDriverThatStopsAtAnyRequestIsFinishedByRecovery(
      WriteMode mode, int request, boolean takesEffect, boolean rival) throws IOException {
    commit(memory, "first", WriteMode.APPEND);
    List<TaskOutput> outputs = uploaded(memory, "ours");
    JobCommit commit =
        plain(store, "id-ours", mode, CommitFixture.committer(memory).head(mode.operation()));
    store.hook(downFrom(request, takesEffect));
    Optional<IOException> failure = failure(commit, outputs);
    store.hook(HookedObjectStore.NONE);
    boolean reported = failure.isEmpty();
    boolean unknown = failure.filter(CommitOutcomeUnknown.class::isInstance).isPresent();
    assertThat(commit.abort(outputs)).as("deleted").isEqualTo(reported || unknown ? 0 : 3);
    boolean recorded = !records().isEmpty();
    boolean published = published("id-ours");
    if (rival) {
      commit(memory, "rival", WriteMode.APPEND);
    }

    OutputRecovery.finishPending(memory, CommitFixture.OUT, CommitFixture.NO_PAUSE);
    OutputRecovery.finishPending(memory, CommitFixture.OUT, CommitFixture.NO_PAUSE);

    // An overwrite must not drop what the rival committed after its record was stored.
    boolean overtaken = mode == WriteMode.OVERWRITE && rival && !published;
    boolean committed = reported || (recorded && !overtaken);
    List<String> visible = CommitFixture.visible(memory);
    assertThat(visible.stream().filter("ours"::equals)).hasSize(committed ? 3 : 0);
    assertThat(visible.stream().filter("rival"::equals)).hasSize(rival ? 3 : 0);
    assertThat(visible.stream().filter("first"::equals))
        .hasSize(committed && mode == WriteMode.OVERWRITE ? 0 : 3);
    assertThat(records()).isEmpty();
    assertThat(refused()).hasSize(recorded && overtaken ? 1 : 0);
    assertThat(listed()).containsExactlyInAnyOrderElementsOf(visible);
    if (committed || recorded) {
      assertThat(memory.pendingUploads()).isZero();
    }
  }

  private static Optional<IOException> failure(JobCommit commit, List<TaskOutput> outputs) {
    try {
      commit.commit(CommitFixture.objects(outputs));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }

  private boolean published(String id) throws IOException {
    ManifestLog log = new ManifestLog(memory, CommitFixture.OUT);
    for (long version = log.latestVersion(); version > 0; version--) {
      if (log.read(version).id().equals(id)) {
        return true;
      }
    }
    return false;
  }

  private static HookedObjectStore.Hook downFrom(int request, boolean takesEffect) {
    return new HookedObjectStore.Hook() {
      @Override
      public void before(int number, String kind) throws IOException {
        if (number > request || (number == request && !takesEffect)) {
          throw new StoreUnavailable("planted before " + kind, null);
        }
      }

      @Override
      public void after(int number, String kind) throws IOException {
        if (number == request && takesEffect) {
          throw new StoreUnavailable("planted after " + kind, null);
        }
      }
    };
  }

  /** Runs {@code action} once, before the first request of the kind. */
  private static HookedObjectStore.Hook beforeFirst(String kind, Action action) {
    return new HookedObjectStore.Hook() {
      private boolean done;

      @Override
      public void before(int number, String request) throws IOException {
        if (request.equals(kind) && !done) {
          done = true;
          action.run();
        }
      }

      @Override
      public void after(int number, String request) {}
    };
  }

  private interface Action {
    void run() throws IOException;
  }

  @Test
  void recoveryBesideALiveDriverPublishesOnce() throws IOException {
    List<TaskOutput> outputs = uploaded(memory, "ours");
    // Recovery runs when the driver is about to publish; another job comes between, too.
    store.hook(
        beforeFirst(
            "PUT-IF-ABSENT",
            () -> {
              commit(memory, "rival", WriteMode.APPEND);
              OutputRecovery.finishPending(memory, CommitFixture.OUT, CommitFixture.NO_PAUSE);
              commit(memory, "later", WriteMode.APPEND);
            }));

    plain(store, "id", WriteMode.APPEND, BaseVersion.NONE).commit(CommitFixture.objects(outputs));

    assertThat(CommitFixture.visible(memory))
        .containsExactly(
            "rival", "rival", "rival", "ours", "ours", "ours", "later", "later", "later");
    assertThat(refused()).isEmpty();
  }

  @Test
  void overwriteReplacesWhatWasCommittedWhileItsTasksRan() throws IOException {
    commit(memory, "first", WriteMode.APPEND);
    BaseVersion began = CommitFixture.committer(memory).head(WriteMode.OVERWRITE.operation());
    List<TaskOutput> outputs = uploaded(memory, "ours");
    commit(memory, "rival", WriteMode.APPEND);

    plain(memory, "id", WriteMode.OVERWRITE, began).commit(CommitFixture.objects(outputs));

    assertThat(CommitFixture.visible(memory)).containsExactly("ours", "ours", "ours");
    assertThat(listed()).containsExactly("ours", "ours", "ours");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void overwriteIsRefusedByAllWhenAnotherJobCommitsAfterItsRecord(boolean recovery)
      throws IOException {
    commit(memory, "first", WriteMode.APPEND);
    List<TaskOutput> outputs = uploaded(memory, "ours");
    store.hook(
        beforeFirst(
            "PUT-IF-ABSENT",
            () -> {
              commit(memory, "rival", WriteMode.APPEND);
              if (recovery) {
                OutputRecovery.finishPending(memory, CommitFixture.OUT, CommitFixture.NO_PAUSE);
              }
              commit(memory, "later", WriteMode.APPEND);
            }));
    JobCommit commit = plain(store, "id", WriteMode.OVERWRITE, BaseVersion.NONE);

    assertThatThrownBy(() -> commit.commit(CommitFixture.objects(outputs)))
        .isInstanceOf(CommitRefused.class)
        .hasMessageContaining("version 2 was committed before this job was. Run the job again.");

    assertThat(CommitFixture.visible(memory))
        .containsExactly(
            "first", "first", "first", "rival", "rival", "rival", "later", "later", "later");
    assertThat(listed()).containsExactlyInAnyOrderElementsOf(CommitFixture.visible(memory));
    assertThat(memory.pendingUploads()).isZero();
    assertThat(records()).isEmpty();
  }

  @Test
  void otherLayoutThanThatOfTheOutputIsRefused() throws IOException {
    commit(memory, "first", WriteMode.APPEND);

    for (WriteMode mode : List.of(WriteMode.APPEND, WriteMode.OVERWRITE)) {
      ManifestCommitter committer = CommitFixture.committer(memory);
      assertThatThrownBy(
              () ->
                  committer.check(CommitFixture.job("id", mode), committer.head(mode.operation())))
          .isInstanceOf(CommitRefused.class)
          .hasMessage(
              "Cannot write to s3://b/out with layout=manifest: its version 1 has layout=plain, so a listing would show replaced rows. Write with layout=plain, or choose another output.");
      assertThatThrownBy(() -> CommitFixture.commit(memory, "other", mode))
          .isInstanceOf(CommitRefused.class)
          .hasMessageContaining("has layout=plain");
    }
  }

  @Test
  void layoutOfTheOutputIsInItsManifest() throws IOException {
    commit(memory, "first", WriteMode.APPEND);
    commit(memory, "second", WriteMode.APPEND);

    assertThat(new ManifestLog(memory, CommitFixture.OUT).latest().orElseThrow().layout())
        .isEqualTo(Layout.PLAIN);
  }
}
