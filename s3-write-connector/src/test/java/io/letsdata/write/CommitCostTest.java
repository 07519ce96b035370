// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.write.commit.CommitRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The requests of a driver beside those of its tasks, for each kind of write (SPEC.md, "Cost"). */
class CommitCostTest {
  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final HookedObjectStore store = new HookedObjectStore(memory);
  private int jobs;

  /** The objects of two tasks. */
  private List<TaskOutput> stored(Layout layout) throws IOException {
    if (layout == Layout.MANIFEST) {
      return CommitFixture.stored(memory, "job" + jobs);
    }
    List<TaskOutput> outputs = new ArrayList<>();
    for (int partition = 0; partition < 2; partition++) {
      ObjectNames names =
          new ObjectNames(CommitFixture.OUT, layout, partition, 7, "job" + jobs, "txt");
      ObjectSink sink = new ObjectSink(store, names.location(0), layout);
      sink.write(new byte[] {1, 2, 3});
      sink.close();
      outputs.add(new TaskOutput(partition, List.of(sink.result(1))));
    }
    return outputs;
  }

  /** The requests of one job, from its beginning to its commit. */
  private List<String> write(Layout layout, WriteMode mode) throws IOException {
    jobs++;
    List<TaskOutput> outputs = stored(layout);
    store.hook(HookedObjectStore.NONE);
    ManifestCommitter committer = CommitFixture.committer(store);
    CommitRequest job = CommitFixture.job("id" + jobs, mode, layout);
    if (layout == Layout.PLAIN) {
      var unused = OutputRecovery.finishPending(store, CommitFixture.OUT, CommitFixture.NO_PAUSE);
    }
    BaseVersion base = committer.head(mode.operation());
    Publication publication =
        layout == Layout.MANIFEST
            ? new ManifestPublication(committer, job, base)
            : new PlainPublication(
                store,
                CommitFixture.OUT,
                OutputRecovery.completion(store, CommitFixture.OUT, CommitFixture.NO_PAUSE),
                job,
                base);
    assertThat(new JobCommit(store, publication).commit(CommitFixture.objects(outputs)))
        .isPresent();
    return store.requests();
  }

  @ParameterizedTest
  @EnumSource(
      value = WriteMode.class,
      names = {"APPEND", "OVERWRITE"})
  void firstVersionIsOneListAndOnePut(WriteMode mode) throws IOException {
    assertThat(write(Layout.MANIFEST, mode)).containsExactly("LIST", "PUT-IF-ABSENT");
  }

  @ParameterizedTest
  @EnumSource(
      value = WriteMode.class,
      names = {"ERROR_IF_EXISTS", "IGNORE"})
  void versionThatMustBeTheFirstIsOnePut(WriteMode mode) throws IOException {
    assertThat(write(Layout.MANIFEST, mode)).containsExactly("PUT-IF-ABSENT");
  }

  @ParameterizedTest
  @EnumSource(
      value = WriteMode.class,
      names = {"APPEND", "OVERWRITE"})
  void laterVersionAlsoReadsTheLatest(WriteMode mode) throws IOException {
    var unused = write(Layout.MANIFEST, WriteMode.APPEND);

    assertThat(write(Layout.MANIFEST, mode)).containsExactly("LIST", "GET", "PUT-IF-ABSENT");
  }

  @Test
  void plainAppendAlsoStoresAndDeletesARecord() throws IOException {
    assertThat(write(Layout.PLAIN, WriteMode.APPEND))
        .containsExactly("LIST", "LIST", "PUT", "COMPLETE", "COMPLETE", "PUT-IF-ABSENT", "DELETE");
    assertThat(write(Layout.PLAIN, WriteMode.APPEND))
        .containsExactly(
            "LIST", "LIST", "GET", "PUT", "COMPLETE", "COMPLETE", "PUT-IF-ABSENT", "DELETE");
  }

  @Test
  void plainOverwriteAlsoListsOnceMoreAndDeletesTheReplacedObjects() throws IOException {
    assertThat(write(Layout.PLAIN, WriteMode.OVERWRITE))
        .containsExactly(
            "LIST", "LIST", "LIST", "PUT", "COMPLETE", "COMPLETE", "PUT-IF-ABSENT", "DELETE");
    assertThat(write(Layout.PLAIN, WriteMode.OVERWRITE))
        .containsExactly(
            "LIST",
            "LIST",
            "GET",
            "LIST",
            "PUT",
            "COMPLETE",
            "COMPLETE",
            "PUT-IF-ABSENT",
            "DELETE",
            "DELETE");
  }
}
