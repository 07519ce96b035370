// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Partition;
import io.letsdata.manifest.version.TableState;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreUnavailable;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Lists for other systems follow each commit. */
class ForeignManifestsTest {
  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");

  private Snapshot commit(String id, Operation operation, String kinds, String... days)
      throws IOException {
    List<ManifestEntry> files =
        Arrays.stream(days)
            .map(
                day ->
                    ManifestEntry.pinned(
                            "s3://b/out/data/" + day + "-" + id + ".txt",
                            3,
                            "e",
                            OptionalLong.of(1))
                        .with(Map.of(), Partition.of("day", day)))
            .toList();
    CommitRequest job =
        new CommitRequest(
            id,
            operation,
            CommitOrigin.of("app", ""),
            "text",
            "{\"type\":\"struct\",\"fields\":[]}",
            Map.of(),
            Layout.MANIFEST,
            new TableState(
                List.of("day"),
                kinds.isEmpty() ? Map.of() : Map.of(ForeignManifests.PROPERTY, kinds)),
            files);
    OutputCommits commits = new OutputCommits(memory, CommitFixture.OUT, CommitFixture.NO_PAUSE);
    return commits.commit(job, commits.log().latest()).orElseThrow();
  }

  private String text(String name) throws IOException {
    return memory.readUtf8(new ObjectLocation("b", "out/" + name));
  }

  @Test
  void listsFollowEachCommitAlsoOfWritersThatDoNotAskForThem() throws IOException {
    Snapshot first = commit("a", new Operation.Append(), "redshift,success,symlink", "1", "2");
    assertThat(text("_SUCCESS")).isEmpty();
    assertThat(text("_symlink_format_manifest/day=1/manifest"))
        .isEqualTo("s3://b/out/data/1-a.txt\n");

    Snapshot second = commit("b", new Operation.Append(), "", "1");

    assertThat(second.table()).isEqualTo(first.table());
    assertThat(text("_symlink_format_manifest/day=1/manifest"))
        .isEqualTo("s3://b/out/data/1-a.txt\ns3://b/out/data/1-b.txt\n");
    assertThat(text("_redshift_manifest/manifest"))
        .isEqualTo(
            """
            {"entries":[
            {"url":"s3://b/out/data/1-a.txt","mandatory":true,"meta":{"content_length":3}},
            {"url":"s3://b/out/data/2-a.txt","mandatory":true,"meta":{"content_length":3}},
            {"url":"s3://b/out/data/1-b.txt","mandatory":true,"meta":{"content_length":3}}]}
            """);

    Snapshot third = commit("c", new Operation.Overwrite(false), "redshift,success,symlink", "3");

    assertThat(third.fileCount()).isEqualTo(1);
    assertThat(memory.keys("b"))
        .filteredOn(key -> key.contains("_symlink"))
        .containsExactly("out/_symlink_format_manifest/day=3/manifest");
  }

  @Test
  void outputThatAsksForNoneCostsNoRequest() throws IOException {
    Snapshot first = commit("a", new Operation.Append(), "", "1");
    HookedObjectStore store = new HookedObjectStore(memory);

    ForeignManifests.follow(store, CommitFixture.OUT, first);

    assertThat(store.requests()).isEmpty();
    assertThat(memory.keys("b")).hasSize(1);
  }

  @Test
  void writerOfAnOlderVersionWritesTheListOfTheLatest() throws IOException {
    Snapshot first = commit("a", new Operation.Append(), "symlink", "1");
    Snapshot second = commit("b", new Operation.Append(), "", "1");

    ForeignManifests.follow(memory, CommitFixture.OUT, first);

    assertThat(second.version()).isEqualTo(2);
    assertThat(text("_symlink_format_manifest/day=1/manifest"))
        .contains("1-a.txt")
        .contains("1-b.txt");
  }

  @Test
  void failureIsLoggedAndTheCommitStays() throws IOException {
    Snapshot first = commit("a", new Operation.Append(), "success", "1");
    HookedObjectStore store = new HookedObjectStore(memory);
    store.hook(
        new HookedObjectStore.Hook() {
          @Override
          public void before(int number, String request) throws IOException {
            throw new StoreUnavailable("planted", null);
          }

          @Override
          public void after(int number, String request) {}
        });

    ForeignManifests.follow(store, CommitFixture.OUT, first);

    assertThat(store.requests()).containsExactly("PUT");
    assertThat(Optional.of(first)).isPresent();
  }

  @Test
  void unknownKindIsRefused() {
    assertThat(ForeignManifests.property(ForeignManifests.kinds("Symlink, success")))
        .isEqualTo("success,symlink");
    assertThatThrownBy(() -> ForeignManifests.kinds("glue"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'glue' is not success, symlink or redshift");
  }
}
