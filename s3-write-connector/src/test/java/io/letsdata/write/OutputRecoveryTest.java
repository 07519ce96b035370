// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.CountingObjectStore;
import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.PartEtag;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A recovery record is data: it is finished, refused for good and set aside, or kept. */
class OutputRecoveryTest {
  private static final String SCHEMA = "{\"type\":\"struct\",\"fields\":[]}";
  private static final ObjectLocation FOREIGN = new ObjectLocation("other", "precious.parquet");
  private static final ObjectLocation NEIGHBOUR =
      new ObjectLocation("b", "out2/part-00000-7-theirs.txt");

  private final InMemoryObjectStore store = new InMemoryObjectStore("b", "other");

  private static OutputRecovery.Result recover(ObjectStore store) throws IOException {
    return OutputRecovery.finishPending(store, CommitFixture.OUT, CommitFixture.NO_PAUSE);
  }

  private static ObjectLocation at(String key) {
    return new ObjectLocation("b", key);
  }

  private void put(ObjectLocation location, byte[] bytes) throws IOException {
    String unused = store.put(location, ObjectContent.of(bytes));
  }

  private void record(String id, PendingCommit record) throws IOException {
    put(at("out/_letsdata/pending/" + id + ".json"), record.toBytes());
  }

  /** Objects of a job of two tasks, uploaded and not completed. */
  private List<TaskObject> uploaded(String name) throws IOException {
    List<TaskObject> objects = new ArrayList<>();
    for (int partition = 0; partition < 2; partition++) {
      ObjectNames names =
          new ObjectNames(CommitFixture.OUT, Layout.PLAIN, partition, 7, name, "txt");
      ObjectSink sink = new ObjectSink(store, names.location(0), Layout.PLAIN);
      sink.write(new byte[] {1, 2, 3});
      sink.close();
      objects.add(sink.result(1));
    }
    return objects;
  }

  private PendingCommit pending(String name, WriteMode mode, long base) throws IOException {
    return PendingCommit.of(
        CommitFixture.job("id-" + name, mode, Layout.PLAIN),
        new BaseVersion(base, Optional.empty()),
        Set.of(),
        uploaded(name).stream().map(PendingObject.class::cast).toList());
  }

  /** A job that meets no trouble. */
  private void commit(String name, WriteMode mode) throws IOException {
    new JobCommit(
            store,
            new PlainPublication(
                store,
                CommitFixture.OUT,
                OutputRecovery.completion(store, CommitFixture.OUT, CommitFixture.NO_PAUSE),
                CommitFixture.job("id-" + name, mode, Layout.PLAIN),
                CommitFixture.committer(store).head(mode.operation())))
        .commit(uploaded(name));
  }

  private List<String> keys(String folder) {
    return store.keys("b").stream().filter(key -> key.startsWith("out/" + folder)).toList();
  }

  private static PendingCommit forged(
      String id, WriteMode mode, String format, Map<String, String> options, String... locations) {
    List<PendingCommit.Upload> uploads = new ArrayList<>();
    for (String location : locations) {
      uploads.add(
          new PendingCommit.Upload(location, "u", List.of(new PartEtag(1, "e")), 3, 1, null));
    }
    return new PendingCommit(1, id, mode, null, format, SCHEMA, options, 0, uploads);
  }

  static Stream<Arguments> recordThatIsNotOfThisOutputIsSetAsideAndTouchesNothing() {
    WriteMode mode = WriteMode.ERROR_IF_EXISTS;
    String ours = "s3://b/out/part-00000-7-n.txt";
    return Stream.of(
        Arguments.of(forged("x", mode, "text", Map.of(), FOREIGN.toString()), "not of this output"),
        Arguments.of(
            forged("x", mode, "text", Map.of(), ours, NEIGHBOUR.toString()), "not of this output"),
        Arguments.of(
            forged("x", mode, "text", Map.of(), "s3://b/out/part-00000/../x.txt"),
            "not of this output"),
        Arguments.of(
            forged("x", mode, "text", Map.of(), "s3://b/out/_letsdata/manifests/1.json"),
            "not of this output"),
        Arguments.of(
            forged("x", mode, "text", Map.of(), "file:///etc/passwd"), "not an S3 location"),
        Arguments.of(forged("x", mode, "text", Map.of(), ours, ours), "twice"),
        Arguments.of(forged("../../../y", mode, "text", Map.of(), ours), "not that of its name"),
        Arguments.of(forged("x", mode, "xml", Map.of(), ours), "xml"),
        Arguments.of(
            forged("x", mode, "text", Map.of("compression", "my.Codec"), ours), "'compression'"),
        Arguments.of(
            new PendingCommit(
                1,
                "x",
                mode,
                null,
                "text",
                "{\"type\":\"udt\",\"class\":\"a.B\"}",
                Map.of(),
                0,
                List.of()),
            "names the class 'a.B'"),
        Arguments.of(
            new PendingCommit(1, "x", mode, null, "text", SCHEMA, Map.of(), -1, List.of()),
            "baseVersion"),
        Arguments.of(
            new PendingCommit(
                1,
                "x",
                mode,
                null,
                "text",
                SCHEMA,
                Map.of(),
                0,
                List.of(new PendingCommit.Upload(ours, "u", List.of(), 3, 1, null))),
            "not complete"));
  }

  @ParameterizedTest
  @MethodSource
  void recordThatIsNotOfThisOutputIsSetAsideAndTouchesNothing(PendingCommit record, String why)
      throws IOException {
    put(FOREIGN, new byte[] {1, 2, 3});
    put(NEIGHBOUR, new byte[] {1, 2, 3});
    put(at("y.json"), new byte[] {1});
    commit("first", WriteMode.APPEND);
    List<String> before = store.keys("b");
    record("x", record);

    OutputRecovery.Result result = recover(store);

    assertThat(result.finished()).isEmpty();
    OutputRecovery.SetAside aside = result.setAside().get(0);
    assertThat(result.setAside()).hasSize(1);
    assertThat(aside.record()).isEqualTo(at("out/_letsdata/pending/x.json"));
    assertThat(aside.now()).isEqualTo(at("out/_letsdata/refused/x.json"));
    assertThat(aside.why()).contains(why);
    assertThat(store.read(aside.now())).isEqualTo(record.toBytes());
    assertThat(store.stat(FOREIGN)).isPresent();
    assertThat(store.keys("b"))
        .containsAll(before)
        .hasSize(before.size() + 1)
        .doesNotContain("out/_letsdata/pending/x.json");
    commit("second", WriteMode.APPEND);
    assertThat(CommitFixture.visible(store)).containsExactly("first", "first", "second", "second");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"formatVersion\":1", "{\"formatVersion\":2}", "null", "[]", "{}"})
  void textThatIsNoRecordIsSetAside(String text) throws IOException {
    put(at("out/_letsdata/pending/x.json"), text.getBytes(UTF_8));

    assertThat(recover(store).setAside()).hasSize(1);

    assertThat(keys("_letsdata/")).containsExactly("out/_letsdata/refused/x.json");
  }

  @ParameterizedTest
  @EnumSource(WriteMode.class)
  void recordThatNamesCommittedObjectsDeletesNone(WriteMode mode) throws IOException {
    commit("first", WriteMode.APPEND);
    commit("second", WriteMode.APPEND);
    record("x", forged("x", mode, "text", Map.of(), "s3://b/out/part-00000-7-first.txt"));

    var unused = recover(store);

    assertThat(CommitFixture.visible(store)).containsExactly("first", "first", "second", "second");
    assertThat(keys("part-")).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, Long.MAX_VALUE - 1})
  void overwriteOfObjectsThatAreCommittedOrOnAVersionThatDoesNotExistIsSetAside(long base)
      throws IOException {
    commit("first", WriteMode.APPEND);
    commit("second", WriteMode.APPEND);
    PendingCommit forged =
        forged("x", WriteMode.OVERWRITE, "text", Map.of(), "s3://b/out/part-00000-7-first.txt");
    record(
        "x",
        new PendingCommit(
            1, "x", WriteMode.OVERWRITE, null, "text", SCHEMA, Map.of(), base, forged.uploads()));

    assertThat(recover(store).setAside()).hasSize(1);

    assertThat(CommitFixture.visible(store)).containsExactly("first", "first", "second", "second");
    assertThat(keys("part-")).hasSize(4);
  }

  @Test
  void overwriteThatWasOvertakenIsSetAsideAndItsObjectsAreDeleted() throws IOException {
    commit("first", WriteMode.APPEND);
    record("id-ours", pending("ours", WriteMode.OVERWRITE, 1));
    commit("rival", WriteMode.APPEND);
    commit("later", WriteMode.OVERWRITE);

    OutputRecovery.Result result = recover(store);

    assertThat(result.setAside())
        .extracting(OutputRecovery.SetAside::why)
        .containsExactly(
            "Cannot write to s3://b/out with overwrite: version 2 was committed before this job was. Run the job again.");
    assertThat(CommitFixture.visible(store)).containsExactly("later", "later");
    assertThat(keys("part-")).hasSize(2);
    assertThat(store.pendingUploads()).isZero();
  }

  @Test
  void appendThatConflictsWithALaterVersionIsSetAside() throws IOException {
    commit("first", WriteMode.APPEND);
    record(
        "id-ours",
        new PendingCommit(
            1,
            "id-ours",
            WriteMode.APPEND,
            null,
            "json",
            SCHEMA,
            Map.of(),
            1,
            pending("ours", WriteMode.APPEND, 1).uploads()));

    OutputRecovery.Result result = recover(store);

    assertThat(result.setAside())
        .extracting(OutputRecovery.SetAside::why)
        .allMatch(why -> why.contains("its files are text, the job's are json"));
    assertThat(CommitFixture.visible(store)).containsExactly("first", "first");
    assertThat(keys("part-")).hasSize(2);
    assertThat(store.pendingUploads()).isZero();
    commit("second", WriteMode.APPEND);
  }

  @ParameterizedTest
  @EnumSource(
      value = WriteMode.class,
      names = {"APPEND", "OVERWRITE"})
  void versionThatCannotBeReadBlocksNoWriteAndDeletesNothing(WriteMode mode) throws IOException {
    commit("first", WriteMode.APPEND);
    record("id-ours", pending("ours", mode, 1));
    put(at(CommitFixture.OUT.manifestKey(2)), "{broken".getBytes(UTF_8));
    commit("later", WriteMode.OVERWRITE);

    OutputRecovery.Result result = recover(store);

    assertThat(result.setAside())
        .extracting(OutputRecovery.SetAside::why)
        .allMatch(why -> why.contains("-v2.json"))
        .hasSize(1);
    assertThat(keys("_letsdata/refused/")).containsExactly("out/_letsdata/refused/id-ours.json");
    assertThat(store.pendingUploads()).isEqualTo(2);
    assertThat(CommitFixture.visible(store)).containsExactly("later", "later");
    commit("second", WriteMode.APPEND);
  }

  @Test
  void commitWhoseUploadWasAbortedIsSetAside() throws IOException {
    PendingCommit record = pending("ours", WriteMode.APPEND, 0);
    record("id-ours", record);
    store.abortMultipart(record.uploads().get(1).toObject().upload());

    OutputRecovery.Result result = recover(store);

    assertThat(result.setAside())
        .extracting(OutputRecovery.SetAside::why)
        .allMatch(why -> why.contains("part-00001-7-ours.txt was aborted"));
    assertThat(keys("part-")).isEmpty();
    assertThat(store.pendingUploads()).isZero();
  }

  @Test
  void commitWhoseUploadHasOtherPartsIsSetAside() throws IOException {
    PendingCommit record = pending("ours", WriteMode.APPEND, 0);
    List<PendingCommit.Upload> uploads = new ArrayList<>(record.uploads());
    PendingCommit.Upload first = uploads.get(0);
    uploads.set(
        0,
        new PendingCommit.Upload(
            first.location(), first.uploadId(), List.of(new PartEtag(1, "other")), 3, 1, null));
    record(
        "id-ours",
        new PendingCommit(
            1, "id-ours", WriteMode.APPEND, null, "text", SCHEMA, Map.of(), 0, uploads));

    OutputRecovery.Result result = recover(store);

    assertThat(result.setAside())
        .extracting(OutputRecovery.SetAside::why)
        .allMatch(why -> why.contains("part 1 is not stored with that etag"))
        .hasSize(1);
    assertThat(keys("part-")).isEmpty();
    assertThat(store.pendingUploads()).isZero();
    commit("second", WriteMode.APPEND);
  }

  @Test
  void commitThatIsPublishedIsFinishedThoughALaterOverwriteDeletedItsObjects() throws IOException {
    PendingCommit record = pending("ours", WriteMode.APPEND, 0);
    record("id-ours", record);
    var unused = recover(store);
    commit("later", WriteMode.OVERWRITE);
    record("id-ours", record);

    assertThat(recover(store).finished()).containsExactly("id-ours");

    assertThat(CommitFixture.visible(store)).containsExactly("later", "later");
    assertThat(keys("_letsdata/refused/")).isEmpty();
  }

  @Test
  void unknownEndKeepsTheRecordAndOtherRecordsAreTried() throws IOException {
    record("id-a", pending("a", WriteMode.APPEND, 0));
    record("id-b", pending("b", WriteMode.APPEND, 0));
    HookedObjectStore failing = new HookedObjectStore(store);
    failing.hook(
        new HookedObjectStore.Hook() {
          private boolean failed;

          @Override
          public void before(int number, String request) throws IOException {
            if (request.equals("COMPLETE") && !failed) {
              failed = true;
              throw new StoreUnavailable("planted", null);
            }
          }

          @Override
          public void after(int number, String request) {}
        });

    assertThatThrownBy(() -> recover(failing))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessage("planted");

    assertThat(keys("_letsdata/pending/")).containsExactly("out/_letsdata/pending/id-a.json");
    assertThat(CommitFixture.visible(store)).containsExactly("b", "b");
    assertThat(recover(store).finished()).containsExactly("id-a");
    assertThat(CommitFixture.visible(store)).containsExactly("b", "b", "a", "a");
  }

  @Test
  void recordOfTooManyBytesIsNotReadAndBlocksNothing() throws IOException {
    put(at("out/_letsdata/pending/x.json"), new byte[] {'{'});
    CountingObjectStore counting =
        new CountingObjectStore(new ListedLength(store, PendingCommit.MAX_BYTES + 1L));

    OutputRecovery.Result result = recover(counting);

    assertThat(result.setAside())
        .extracting(OutputRecovery.SetAside::why)
        .containsExactly("it has 67108865 bytes, too many for a record");
    assertThat(counting.log()).allMatch(request -> request.startsWith("LIST "));
  }
}
