// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
            CommitFixture.job(id, mode),
            base));
  }

  private static void commit(ObjectStore store, String name, WriteMode mode) throws IOException {
    plain(store, "id-" + name, mode, CommitFixture.committer(store).head(mode))
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
      for (int request = 1; request <= 9; request++) {
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
    JobCommit commit = plain(store, "id-ours", mode, CommitFixture.committer(memory).head(mode));
    store.hook(downFrom(request, takesEffect));
    boolean reported = true;
    try {
      commit.commit(CommitFixture.objects(outputs));
    } catch (CommitOutcomeUnknown e) {
      reported = false;
    }
    store.hook(HookedObjectStore.NONE);
    assertThat(commit.abort(outputs)).as("deleted").isZero();
    boolean recorded = !records().isEmpty();
    if (rival) {
      commit(memory, "rival", WriteMode.APPEND);
    }

    OutputRecovery.finishPending(memory, CommitFixture.OUT, CommitFixture.NO_PAUSE);
    OutputRecovery.finishPending(memory, CommitFixture.OUT, CommitFixture.NO_PAUSE);

    List<String> visible = CommitFixture.visible(memory);
    assertThat(visible.stream().filter("ours"::equals)).hasSize(reported || recorded ? 3 : 0);
    assertThat(records()).isEmpty();
    assertThat(listed()).containsExactlyInAnyOrderElementsOf(visible);
    if (reported || recorded) {
      assertThat(memory.pendingUploads()).isZero();
    }
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

  @Test
  void recoveryBesideALiveDriverPublishesOnce() throws IOException {
    List<TaskOutput> outputs = uploaded(memory, "ours");
    // Recovery runs when the driver is about to publish; another job comes between, too.
    store.hook(
        new HookedObjectStore.Hook() {
          @Override
          public void before(int number, String kind) throws IOException {
            if (kind.equals("PUT-IF-ABSENT") && CommitFixture.visible(memory).isEmpty()) {
              CommitFixture.commit(memory, "rival", WriteMode.APPEND);
              OutputRecovery.finishPending(memory, CommitFixture.OUT, CommitFixture.NO_PAUSE);
              CommitFixture.commit(memory, "later", WriteMode.APPEND);
            }
          }

          @Override
          public void after(int number, String kind) {}
        });

    plain(store, "id", WriteMode.APPEND, BaseVersion.NONE).commit(CommitFixture.objects(outputs));

    assertThat(CommitFixture.visible(memory))
        .containsExactly("rival", "rival", "ours", "ours", "ours", "later", "later");
  }

  @Test
  void unreadableRecordIsNamed() throws IOException {
    ObjectLocation record = new ObjectLocation("b", "out/_letsdata/pending/x.json");
    memory.put(record, ObjectContent.ofUtf8("{\"formatVersion\":1"));

    assertThatThrownBy(
            () -> OutputRecovery.finishPending(memory, CommitFixture.OUT, CommitFixture.NO_PAUSE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(record.toString());
  }
}
