// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.manifest.version.Partition;
import io.letsdata.manifest.version.TableState;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectContent;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Lists of many files: their parts, and the requests that they cost. */
class FileListsTest {
  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final HookedObjectStore store = new HookedObjectStore(memory);
  private final ManifestLog log = new ManifestLog(store, CommitFixture.OUT);
  private int jobs;

  private static ManifestEntry file(String name, String day) {
    return ManifestEntry.pinned(
            "s3://b/out/data/" + name + ".parquet",
            812,
            "9bb58f26192e4ba00f01e2e7b136bbd8",
            OptionalLong.of(10))
        .with(Map.of(), Partition.of("day", day));
  }

  private List<ManifestEntry> files(int number, String day) {
    List<ManifestEntry> files = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      files.add(file(day + "-" + jobs + "-" + i, day));
    }
    return files;
  }

  private CommitRequest job(Operation operation, List<ManifestEntry> files) {
    return new CommitRequest(
        "id-" + jobs++,
        operation,
        CommitOrigin.of("app", ""),
        "parquet",
        "{\"type\":\"struct\",\"fields\":[]}",
        Map.of(),
        Layout.MANIFEST,
        new TableState(List.of("day"), Map.of()),
        files);
  }

  private Snapshot commit(Operation operation, List<ManifestEntry> files) throws IOException {
    ManifestCommitter committer = CommitFixture.committer(store);
    return committer.commit(job(operation, files), committer.head(operation)).orElseThrow();
  }

  private Snapshot append(int number, String day) throws IOException {
    return commit(new Operation.Append(), files(number, day));
  }

  @Test
  void appendToAHundredThousandFilesCostsItsOwnFilesAndTheHead() throws IOException {
    List<ManifestEntry> many = new ArrayList<>();
    for (int day = 0; day < 1_000; day++) {
      many.addAll(files(100, "d" + (1_000 + day)));
      jobs++;
    }
    Snapshot first = commit(new Operation.Append(), many);
    assertThat(first.fileCount()).isEqualTo(100_000);
    assertThat(first.files()).isEmpty();
    int headBytes = Manifests.toBytes(first).length;
    assertThat(headBytes).isLessThan(16_000);

    store.hook(HookedObjectStore.NONE);
    Snapshot second = append(1, "d2000");

    assertThat(store.requests()).containsExactly("LIST", "GET", "PUT-IF-ABSENT");
    assertThat(second.parts()).isEqualTo(first.parts());
    assertThat(second.fileCount()).isEqualTo(100_001);
    assertThat(Manifests.toBytes(second).length).isLessThan(headBytes + 1_000);

    store.hook(HookedObjectStore.NONE);
    Snapshot third = append(1_000, "d2001");

    assertThat(store.requests())
        .as("the files of the head and the job's own become a part each")
        .containsExactly("LIST", "GET", "PUT", "PUT", "PUT-IF-ABSENT");
    assertThat(third.fileCount()).isEqualTo(101_001);
    assertThat(third.rowCount()).hasValue(1_010_010);
  }

  @Test
  void dynamicOverwriteOfTenOfAThousandPartitionsReadsThePartsThatMayHaveThem() throws IOException {
    List<ManifestEntry> many = new ArrayList<>();
    for (int day = 0; day < 1_000; day++) {
      many.addAll(files(100, "d" + (1_000 + day)));
      jobs++;
    }
    Snapshot first = commit(new Operation.Append(), many);
    List<ManifestEntry> ten = new ArrayList<>();
    for (int day = 0; day < 10; day++) {
      ten.add(file("new-" + day, "d" + (1_000 + day)));
    }
    store.hook(HookedObjectStore.NONE);

    Snapshot second = commit(new Operation.OverwritePartitions(Optional.empty()), ten);

    List<String> requests = List.copyOf(store.requests());
    assertThat(requests)
        .as("the head, one part read, the rest of it stored, the new head")
        .containsExactly("LIST", "GET", "GET", "PUT", "PUT-IF-ABSENT");
    assertThat(second.fileCount()).isEqualTo(100_000 - 1_000 + 10);
    Set<PartRef> shared = new HashSet<>(first.parts());
    shared.retainAll(second.parts());
    assertThat(shared).hasSize(first.parts().size() - 1);
  }

  @Test
  void thousandAppendsKeepTheirOrderAndFewParts() throws IOException {
    List<String> expected = new ArrayList<>();
    Snapshot latest = append(1, "a");
    BaseVersion base = BaseVersion.of(latest);
    log.allFiles(latest).forEach(file -> expected.add(file.location()));
    for (int i = 1; i < 1_000; i++) {
      CommitRequest job = job(new Operation.Append(), files(20, "a"));
      latest = CommitFixture.committer(store).commit(job, base).orElseThrow();
      base = BaseVersion.of(latest);
      job.files().forEach(file -> expected.add(file.location()));
    }

    List<String> read = new ArrayList<>();
    log.files(latest).forEachRemaining(file -> read.add(file.location()));
    assertThat(read).isEqualTo(expected);
    assertThat(latest.parts()).hasSizeLessThan(2 * FileLists.MOST_SMALL_PARTS);
    assertThat(latest.parts()).allMatch(part -> part.lengthBytes() <= FileLists.PART_BYTES + 100);
    long partBytes = memory.keys("b").stream().filter(key -> key.contains("/parts/")).count();
    assertThat(partBytes).as("parts that were ever stored").isLessThan(200);
  }

  @Test
  void jobThatIsRebasedStoresThePartsOfItsOwnFilesOnce() throws IOException {
    Snapshot first = append(1, "a");
    CommitRequest large = job(new Operation.Append(), files(1_000, "b"));
    Snapshot unused = append(1, "c");
    store.hook(HookedObjectStore.NONE);

    Snapshot third =
        CommitFixture.committer(store).commit(large, BaseVersion.of(first)).orElseThrow();

    assertThat(third.version()).isEqualTo(3);
    assertThat(store.requests().stream().filter("PUT"::equals).count())
        .as("the head's files on each of two bases, the job's own once")
        .isEqualTo(3);
    assertThat(
            log.allFiles(third).stream().map(ManifestEntry::location).collect(Collectors.toSet()))
        .hasSize(1_002);
  }

  @Test
  void partWithOtherBytesIsNeverRead() throws IOException {
    Snapshot first = append(1_000, "a");
    PartRef part = first.parts().get(0);
    byte[] bytes = memory.read(log.location(part.name()));
    bytes[200] ^= 1;
    String unused = memory.put(log.location(part.name()), ObjectContent.of(bytes));

    assertThatThrownBy(() -> log.allFiles(first))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("SHA-256");

    memory.delete(List.of(log.location(part.name())));
    assertThatThrownBy(() -> log.allFiles(first))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("the object does not exist any more");
  }

  @Test
  void partThatNoVersionNamesIsALeftover() throws IOException {
    Snapshot first = append(1_000, "a");
    PartRef lost = log.storePart("lost.json", files(1, "b"));

    OutputCleanup.Leftovers left =
        OutputCleanup.find(
            memory,
            CommitFixture.OUT,
            Instant.now().plus(Duration.ofHours(1)),
            OutputCleanup.LEAST_AGE);

    assertThat(left.objects())
        .extracting(object -> object.location())
        .containsExactly(log.location(lost.name()))
        .doesNotContain(log.location(first.parts().get(0).name()));
  }
}
