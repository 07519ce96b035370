// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Application;
import io.letsdata.manifest.version.Lineage;
import io.letsdata.manifest.version.OperationKind;
import io.letsdata.manifest.version.Partition;
import io.letsdata.manifest.version.StreamEpoch;
import io.letsdata.manifest.version.TableState;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import io.letsdata.write.commit.PartitionFilter;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The effect of each operation, and what it conflicts with. */
class OperationsTest {
  private static final Operation APPEND = new Operation.Append();
  private static final Operation DYNAMIC = new Operation.OverwritePartitions(Optional.empty());
  private static final String SCHEMA = "{\"type\":\"struct\",\"fields\":[]}";
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final ManifestLog log = new ManifestLog(store, CommitFixture.OUT);

  /** A file whose name tells its partition and its job. */
  private static ManifestEntry file(String partition, String job) {
    return ManifestEntry.pinned(
            "s3://b/out/data/" + partition + "-" + job + ".txt", 1, "e", OptionalLong.of(1))
        .with(Map.of(), Partition.of("day", partition));
  }

  private static CommitRequest job(String id, Operation operation, String... partitions) {
    return job(id, operation, CommitOrigin.of("app-" + id, "job " + id), partitions);
  }

  private static CommitRequest job(
      String id, Operation operation, CommitOrigin origin, String... partitions) {
    List<ManifestEntry> files = new ArrayList<>();
    for (String partition : partitions) {
      files.add(file(partition, id));
    }
    return new CommitRequest(
        id,
        operation,
        origin,
        "text",
        SCHEMA,
        Map.of(),
        Layout.MANIFEST,
        new TableState(List.of("day"), Map.of()),
        files);
  }

  private ManifestCommitter committer() {
    return new ManifestCommitter(
        log,
        CommitFixture.ANY,
        CommitFixture.NO_PAUSE,
        ManifestCommitter.Publishers.DRIVER,
        InstantSource.fixed(NOON));
  }

  private Optional<Snapshot> commit(CommitRequest job) throws IOException {
    return committer().commit(job, committer().head(job.operation()));
  }

  private List<String> files() throws IOException {
    return log.allFiles(log.latest().orElseThrow()).stream()
        .map(file -> file.key().substring("out/data/".length(), file.key().length() - 4))
        .toList();
  }

  private static PartitionFilter day(String day) {
    return PartitionFilter.of(Set.of(Partition.of("day", day)));
  }

  @Test
  void dynamicOverwriteReplacesThePartitionsOfItsFiles() throws IOException {
    assertThat(commit(job("a", APPEND, "1", "2", "3"))).isPresent();

    Snapshot second = commit(job("b", DYNAMIC, "2", "4")).orElseThrow();

    assertThat(files()).containsExactly("1-a", "3-a", "2-b", "4-b");
    Lineage lineage = second.lineage().orElseThrow();
    assertThat(lineage.parent()).contains("a");
    assertThat(lineage.operation()).isEqualTo(OperationKind.OVERWRITE_PARTITIONS);
    assertThat(lineage.change().addedFiles()).isEqualTo(2);
    assertThat(lineage.change().removedFiles()).isEqualTo(1);
    assertThat(lineage.time()).isAfter(NOON);
  }

  @Test
  void partitionsOfAFilterAreReplacedAlsoByFewerFiles() throws IOException {
    assertThat(commit(job("a", APPEND, "1", "2"))).isPresent();

    assertThat(commit(job("b", new Operation.OverwritePartitions(Optional.of(day("1"))))))
        .isPresent();
    assertThat(files()).containsExactly("2-a");

    assertThat(commit(job("c", new Operation.DeletePartitions(day("2"))))).isPresent();
    assertThat(files()).isEmpty();
  }

  @Test
  void overwriteOfPartitionsIsRefusedWhenAnotherWriterChangedThem() throws IOException {
    assertThat(commit(job("a", APPEND, "1", "2"))).isPresent();
    BaseVersion began = committer().head(DYNAMIC);
    assertThat(commit(job("b", APPEND, "1"))).isPresent();

    assertThatThrownBy(() -> committer().commit(job("c", DYNAMIC, "1"), began))
        .isInstanceOf(CommitRefused.class)
        .hasMessage(
            "Cannot commit overwrite-partitions to s3://b/out: version 2, append by job b (app-b) at 2026-01-31T12:00:00.001Z, changed partition day=1, after this job began. Run the job again.");
    assertThatThrownBy(
            () -> committer().commit(job("d", new Operation.DeletePartitions(day("1"))), began))
        .isInstanceOf(CommitRefused.class)
        .hasMessageContaining("changed partition day=1");
    assertThat(committer().commit(job("e", DYNAMIC, "2"), began)).isPresent();
    assertThat(files()).containsExactly("1-a", "1-b", "2-e");
  }

  @Test
  void exclusiveOverwriteIsRefusedAfterAnyOtherCommit() throws IOException {
    assertThat(commit(job("a", APPEND, "1"))).isPresent();
    BaseVersion began = committer().head(APPEND);
    assertThat(commit(job("b", APPEND, "2"))).isPresent();

    assertThatThrownBy(
            () -> committer().commit(job("c", new Operation.Overwrite(true), "1"), began))
        .isInstanceOf(CommitRefused.class)
        .hasMessageContaining("version 2, append by job b (app-b)")
        .hasMessageContaining("was committed, after this job began");
    assertThat(committer().commit(job("d", new Operation.Overwrite(false), "1"), began))
        .isPresent();
    assertThat(files()).containsExactly("1-d");
  }

  @Test
  void compactionConflictsWithOverwritesOnly() throws IOException {
    assertThat(commit(job("a", APPEND, "1"))).isPresent();
    assertThat(commit(job("b", APPEND, "1"))).isPresent();
    BaseVersion began = committer().head(APPEND);
    Set<String> replaced = Set.of(file("1", "a").location(), file("1", "b").location());
    assertThat(commit(job("c", APPEND, "1"))).isPresent();

    assertThat(committer().commit(job("x", new Operation.Compact(replaced), "1"), began))
        .isPresent();
    assertThat(files()).containsExactly("1-c", "1-x");
    assertThat(committer().commit(job("o", DYNAMIC, "2"), began)).isPresent();

    assertThatThrownBy(
            () -> committer().commit(job("y", new Operation.Compact(replaced), "1"), began))
        .isInstanceOf(CommitRefused.class)
        .hasMessageStartingWith("Cannot compact s3://b/out: s3://b/out/data/1-")
        .hasMessageContaining("is not in version 5, overwrite-partitions by job o (app-o)");
  }

  @Test
  void overwriteOfPartitionsDoesNotConflictWithTheirCompaction() throws IOException {
    assertThat(commit(job("a", APPEND, "1"))).isPresent();
    assertThat(commit(job("b", APPEND, "1"))).isPresent();
    BaseVersion began = committer().head(APPEND);
    Set<String> replaced = Set.of(file("1", "a").location(), file("1", "b").location());
    assertThat(commit(job("x", new Operation.Compact(replaced), "1"))).isPresent();

    assertThat(committer().commit(job("c", DYNAMIC, "1"), began)).isPresent();

    assertThat(files()).containsExactly("1-c");
  }

  @Test
  void commitIdThatTheOutputHasSucceedsWithoutEffect() throws IOException {
    CommitOrigin load =
        new CommitOrigin(new Application("app", ""), Optional.of("load-1"), Optional.empty());
    assertThat(commit(job("a", APPEND, load, "1"))).isPresent();
    assertThat(commit(job("b", APPEND, "1"))).isPresent();

    assertThat(commit(job("c", APPEND, load, "1"))).isEmpty();
    assertThat(committer().commit(job("d", APPEND, load, "1"), BaseVersion.NONE))
        .as("a driver that began before")
        .isEmpty();
    assertThat(
            committer().commit(job("e", new Operation.Create(false), load, "1"), BaseVersion.NONE))
        .as("errorifexists")
        .isEmpty();

    assertThat(files()).containsExactly("1-a", "1-b");
    assertThat(log.latestVersion()).isEqualTo(2);
  }

  @Test
  void epochIsCommittedOnceAlsoAfterAnOverwrite() throws IOException {
    assertThat(commit(job("a", APPEND, epoch("q", 0), "1"))).isPresent();
    assertThat(commit(job("b", APPEND, epoch("q", 1), "1"))).isPresent();
    assertThat(commit(job("o", new Operation.Overwrite(false), "1"))).isPresent();

    assertThat(commit(job("c", APPEND, epoch("q", 1), "1"))).isEmpty();
    assertThat(commit(job("d", APPEND, epoch("q", 0), "1"))).isEmpty();
    assertThat(commit(job("e", APPEND, epoch("other", 0), "1"))).isPresent();
    assertThat(commit(job("f", APPEND, epoch("q", 2), "1"))).isPresent();

    assertThat(files()).containsExactly("1-o", "1-e", "1-f");
  }

  private static CommitOrigin epoch(String query, long epoch) {
    return new CommitOrigin(
        new Application("app", ""), Optional.empty(), Optional.of(new StreamEpoch(query, epoch)));
  }

  @Test
  void outputOfTheFirstByteFormatGoesOnInTheSecond() throws IOException {
    Snapshot old =
        Snapshot.of("old", 1, "text", Optional.of(SCHEMA), Map.of(), List.of(file("", "old")));
    assertThat(log.publish(old)).isTrue();

    CommitRequest unpartitioned =
        new CommitRequest(
            "a",
            APPEND,
            CommitOrigin.of("app", ""),
            "text",
            SCHEMA,
            Map.of(),
            Layout.MANIFEST,
            TableState.NONE,
            List.of(file("", "a")));
    Snapshot next = commit(unpartitioned).orElseThrow();

    assertThat(next.formatVersion()).isEqualTo(2);
    assertThat(next.lineage().orElseThrow().parent()).contains("old");
    assertThat(files()).containsExactly("-old", "-a");
  }

  @Test
  void filesOfOtherPartitionColumnsAreRefused() throws IOException {
    assertThat(commit(job("a", APPEND, "1"))).isPresent();
    CommitRequest other = job("b", APPEND, "1");

    assertThatThrownBy(
            () ->
                commit(
                    new CommitRequest(
                        "b",
                        APPEND,
                        other.origin(),
                        "text",
                        SCHEMA,
                        Map.of(),
                        Layout.MANIFEST,
                        new TableState(List.of("month"), Map.of()),
                        List.of())))
        .isInstanceOf(CommitRefused.class)
        .hasMessageContaining("it is partitioned by (day), the job's files by (month)");
  }

  @Test
  void changeOfTheTableConflictsWithAnotherChange() throws IOException {
    Snapshot first = commit(job("a", APPEND, "1")).orElseThrow();
    Operation alter = new Operation.Alter(first);
    assertThat(commit(job("b", APPEND, "1"))).isPresent();
    assertThat(committer().commit(altered("c", alter, "x"), BaseVersion.of(first))).isPresent();
    assertThat(log.latest().orElseThrow().table().properties()).containsEntry("owner", "x");
    assertThat(files()).containsExactly("1-a", "1-b");

    assertThatThrownBy(() -> committer().commit(altered("d", alter, "y"), BaseVersion.of(first)))
        .isInstanceOf(CommitRefused.class)
        .hasMessageContaining("version 3, alter by app")
        .hasMessageContaining("changed the table");
  }

  private static CommitRequest altered(String id, Operation alter, String owner) {
    return new CommitRequest(
        id,
        alter,
        CommitOrigin.of("app", ""),
        "text",
        SCHEMA,
        Map.of(),
        Layout.MANIFEST,
        new TableState(List.of("day"), Map.of("owner", owner)),
        List.of());
  }
}
