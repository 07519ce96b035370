// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ListedUpload;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutputCleanupTest {

  private final InMemoryObjectStore store = new InMemoryObjectStore("b");

  private OutputCleanup.Leftovers find() throws IOException {
    return OutputCleanup.find(
        store, CommitFixture.OUT, Instant.now().plusSeconds(60), Duration.ZERO);
  }

  @Test
  void objectThatNoVersionNamesIsALeftover() throws IOException {
    CommitFixture.commit(store, "first", WriteMode.APPEND);
    CommitFixture.commit(store, "second", WriteMode.OVERWRITE);
    List<TaskOutput> lost = CommitFixture.stored(store, "lost");

    OutputCleanup.Leftovers left = find();
    OutputCleanup.delete(store, left);

    assertThat(left.objects())
        .extracting(ListedObject::location)
        .containsExactlyInAnyOrderElementsOf(
            lost.stream().flatMap(task -> task.objects().stream()).map(o -> o.location()).toList());
    assertThat(left.lengthBytes()).isEqualTo(10);
    assertThat(CommitFixture.nothingNamedIsMissing(store)).isTrue();
    assertThat(find().objects()).isEmpty();
  }

  @Test
  void youngObjectsMayBelongToARunningJob() throws IOException {
    CommitFixture.stored(store, "running");
    MultipartUpload upload =
        store.startMultipart(new ObjectLocation("b", CommitFixture.OUT.dataKey(0, 1, "n", "txt")));

    OutputCleanup.Leftovers left =
        OutputCleanup.find(store, CommitFixture.OUT, Instant.now(), Duration.ofMinutes(1));

    assertThat(left.objects()).isEmpty();
    assertThat(left.uploads()).isEmpty();
    upload.abort();
  }

  @Test
  void objectsOfOthersAreKept() throws IOException {
    String unused =
        store.put(new ObjectLocation("b", "out/data/mine.txt"), ObjectContent.ofUtf8("mine"));

    assertThat(find().objects()).isEmpty();
  }

  @Test
  void uploadsOfOthersAndOfOutputsBelowAreKept() throws IOException {
    OutputLayout below = OutputLayout.of("s3://b/out/data");
    OutputLayout beside = OutputLayout.of("s3://b/out/part-1");
    List<String> keys =
        List.of(
            "out/data/mine.bin",
            "out/part-mine.bin",
            below.dataKey(0, 7, "n", "txt"),
            below.prefix() + "/part-00000-7-n.txt",
            beside.dataKey(0, 7, "n", "txt"),
            beside.prefix() + "/part-00000-7-n.txt");
    for (String key : keys) {
      MultipartUpload unused = store.startMultipart(new ObjectLocation("b", key));
      String etag = store.put(new ObjectLocation("b", key), ObjectContent.ofUtf8("mine"));
      assertThat(etag).isNotEmpty();
    }

    assertThat(find().uploads()).isEmpty();
    assertThat(find().objects()).isEmpty();
  }

  @Test
  void uploadsOfLostTasksAreLeftoversAndThoseOfAPendingCommitAreNot() throws IOException {
    ObjectNames lost = new ObjectNames(CommitFixture.OUT, Layout.PLAIN, 0, 7, "lost", "txt");
    MultipartUpload unused = store.startMultipart(lost.location(0));
    ObjectNames pending = new ObjectNames(CommitFixture.OUT, Layout.PLAIN, 0, 8, "pending", "txt");
    ObjectSink sink = new ObjectSink(store, pending.location(0), Layout.PLAIN);
    sink.write(new byte[] {1});
    sink.close();
    TaskObject result = sink.result(1);
    PendingCommit record =
        PendingCommit.of(
            CommitFixture.job("id", WriteMode.APPEND, Layout.PLAIN),
            BaseVersion.NONE,
            Set.of(),
            List.of((PendingObject) result));
    String etag = store.put(record.location(CommitFixture.OUT), ObjectContent.of(record.toBytes()));
    assertThat(etag).isNotEmpty();

    assertThat(find().uploads())
        .extracting(ListedUpload::location)
        .containsExactly(lost.location(0));
  }

  @Test
  void unusableRecordKeepsTheUploadsAndIsSetAside() throws IOException {
    ObjectLocation record = new ObjectLocation("b", "out/_letsdata/pending/x.json");
    String unused = store.put(record, ObjectContent.ofUtf8("{broken"));
    ObjectNames lost = new ObjectNames(CommitFixture.OUT, Layout.PLAIN, 0, 7, "lost", "txt");
    MultipartUpload unusedUpload = store.startMultipart(lost.location(0));
    List<TaskOutput> objects = CommitFixture.stored(store, "lost");

    OutputCleanup.Leftovers left = find();
    OutputCleanup.delete(store, left);

    assertThat(left.unusable()).extracting(OutputCleanup.Unusable::record).containsExactly(record);
    assertThat(left.unusable().get(0).why()).startsWith("it is not a recovery record");
    assertThat(left.uploads()).isEmpty();
    assertThat(left.objects()).hasSize(objects.size());
    assertThat(store.keys("b")).containsExactly("out/_letsdata/refused/x.json");
    OutputCleanup.Leftovers next = find();
    assertThat(next.unusable()).isEmpty();
    assertThat(next.uploads()).extracting(ListedUpload::location).containsExactly(lost.location(0));
  }

  @Test
  void unreadableManifestMeansThatNoLeftoverIsFound() throws IOException {
    CommitFixture.commit(store, "first", WriteMode.APPEND);
    String unused =
        store.put(
            new ObjectLocation("b", CommitFixture.OUT.manifestKey(1)),
            ObjectContent.ofUtf8("{broken"));

    assertThatThrownBy(this::find)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(CommitFixture.OUT.manifestKey(1));
  }
}
