// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Application;
import io.letsdata.manifest.version.Partition;
import io.letsdata.manifest.version.StreamEpoch;
import io.letsdata.manifest.version.TableState;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ListedObject;
import io.letsdata.store.MultipartHandle;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.OutcomeUnknown;
import io.letsdata.store.StoreUnavailable;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import io.letsdata.write.commit.PartitionFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A whole job, its tasks and its driver, with one fault at one request; then a reader, the job once
 * more, and clean-up.
 */
final class JobFaults {
  /** The fault of a request. */
  enum Fault {
    FAILS_BEFORE,
    RESPONSE_LOST,
    DRIVER_STOPS_AFTER,
    TASK_STOPS_AFTER
  }

  /** A kind of job: three tasks unless it only removes or joins. */
  enum Kind {
    APPEND(Layout.MANIFEST),
    PLAIN_APPEND(Layout.PLAIN),
    OVERWRITE(Layout.MANIFEST),
    PLAIN_OVERWRITE(Layout.PLAIN),
    DYNAMIC_OVERWRITE(Layout.MANIFEST),
    PLAIN_DYNAMIC_OVERWRITE(Layout.PLAIN),
    DELETE_PARTITION(Layout.MANIFEST),
    STREAM_EPOCH(Layout.MANIFEST),
    CREATE(Layout.MANIFEST),
    COMPACT(Layout.MANIFEST);

    final Layout layout;

    Kind(Layout layout) {
      this.layout = layout;
    }
  }

  private static final class Stopped extends Error {
    private static final long serialVersionUID = 1L;
    final boolean task;

    Stopped(boolean task) {
      super("planted", null, false, false);
      this.task = task;
    }
  }

  private static final Partition ONE = Partition.of("p", "1");
  private static final AtomicInteger OUTPUTS = new AtomicInteger();

  private final ObjectStore raw;
  private final HookedObjectStore store;
  private final OutputLayout out;
  private final Kind kind;
  private final ManifestLog log;
  private boolean inTask;
  private Set<String> replaced = Set.of();

  JobFaults(ObjectStore raw, String bucket, Kind kind) {
    this.raw = raw;
    this.store = new HookedObjectStore(raw);
    this.out = new OutputLayout(bucket, "job-" + OUTPUTS.incrementAndGet());
    this.kind = kind;
    this.log = new ManifestLog(raw, out);
  }

  /** The number of requests of a job of this kind without a fault. */
  static int requests(ObjectStore raw, String bucket, Kind kind) throws IOException {
    JobFaults job = new JobFaults(raw, bucket, kind);
    job.prepare();
    job.store.hook(HookedObjectStore.NONE);
    assertThat(job.run()).isTrue();
    assertThat(job.rows()).isEqualTo(job.after());
    return job.store.requests().size();
  }

  /** Asserts what must hold after the fault. */
  void check(int request, Fault fault) throws IOException {
    prepare();
    store.hook(planted(request, fault));
    boolean reported = run();
    store.hook(HookedObjectStore.NONE);

    Set<String> seen = rows();
    assertThat(seen).as("a reader sees the old or the new rows").isIn(before(), after());
    assertThat(!reported || seen.equals(after())).as("what was reported is visible").isTrue();

    assertThat(run()).as("the job succeeds when it is run again").isTrue();
    assertThat(rows()).as("exactly once").isEqualTo(after());
    for (long version = 1; version <= log.latestVersion(); version++) {
      if (kind.layout == Layout.MANIFEST || version == log.latestVersion()) {
        for (ManifestEntry file : log.allFiles(log.read(version))) {
          assertThat(raw.stat(ObjectLocation.parse(file.location()))).isPresent();
        }
      }
    }

    OutputCleanup.delete(
        raw,
        OutputCleanup.find(
            raw, out, Instant.now().plus(Duration.ofDays(2)), OutputCleanup.LEAST_AGE));
    assertThat(orphans()).as("leftovers after clean-up").isEmpty();
    assertThat(raw.listUploads(out.bucket(), out.prefix() + "/")).isEmpty();
    assertThat(rows()).isEqualTo(after());
  }

  private HookedObjectStore.Hook planted(int request, Fault fault) {
    return new HookedObjectStore.Hook() {
      @Override
      public void before(int number, String what) throws IOException {
        if (number == request && fault == Fault.FAILS_BEFORE) {
          throw new StoreUnavailable("planted before " + what, null);
        }
      }

      @Override
      public void after(int number, String what) throws IOException {
        if (number != request) {
          return;
        }
        switch (fault) {
          case RESPONSE_LOST -> throw new OutcomeUnknown("planted after " + what, null);
          case DRIVER_STOPS_AFTER -> throw new Stopped(false);
          case TASK_STOPS_AFTER -> {
            if (inTask) {
              throw new Stopped(true);
            }
          }
          default -> {}
        }
      }
    };
  }

  private void prepare() throws IOException {
    if (kind == Kind.CREATE) {
      return;
    }
    for (String[] file : new String[][] {{"x1", "1"}, {"x2", "2"}, {"y1", "1"}}) {
      assertThat(
              commit(
                  raw,
                  new Operation.Append(),
                  CommitOrigin.of("base", ""),
                  List.of(task(raw, 0, file[0], file[1]))))
          .isTrue();
    }
    Set<String> ofOne = new HashSet<>();
    for (ManifestEntry file : log.allFiles(log.latest().orElseThrow())) {
      if (file.partition().equals(ONE)) {
        ofOne.add(file.location());
      }
    }
    replaced = ofOne;
  }

  private Operation operation() {
    return switch (kind) {
      case APPEND, PLAIN_APPEND, STREAM_EPOCH -> new Operation.Append();
      case OVERWRITE, PLAIN_OVERWRITE -> new Operation.Overwrite(false);
      case DYNAMIC_OVERWRITE, PLAIN_DYNAMIC_OVERWRITE ->
          new Operation.OverwritePartitions(Optional.empty());
      case DELETE_PARTITION -> new Operation.DeletePartitions(PartitionFilter.of(Set.of(ONE)));
      case CREATE -> new Operation.Create(false);
      case COMPACT -> new Operation.Compact(replaced);
    };
  }

  private CommitOrigin origin() {
    return kind == Kind.STREAM_EPOCH
        ? new CommitOrigin(
            new Application("app", ""), Optional.empty(), Optional.of(new StreamEpoch("q", 5)))
        : new CommitOrigin(new Application("app", ""), Optional.of("job"), Optional.empty());
  }

  private Set<String> before() {
    return new TreeSet<>(kind == Kind.CREATE ? List.of() : List.of("x1", "x2", "y1"));
  }

  private Set<String> after() {
    Set<String> rows = before();
    switch (kind) {
      case OVERWRITE, PLAIN_OVERWRITE -> rows.clear();
      case DYNAMIC_OVERWRITE, PLAIN_DYNAMIC_OVERWRITE, DELETE_PARTITION ->
          rows.removeAll(List.of("x1", "y1"));
      default -> {}
    }
    if (kind != Kind.DELETE_PARTITION && kind != Kind.COMPACT) {
      rows.addAll(List.of("n0", "n1", "n2"));
    }
    return rows;
  }

  /** Whether the job reports success. */
  private boolean run() throws IOException {
    List<TaskOutput> outputs = new ArrayList<>();
    try {
      if (kind.layout == Layout.PLAIN) {
        OutputRecovery.Result unused =
            OutputRecovery.finishPending(store, out, CommitFixture.NO_PAUSE);
      }
      ManifestCommitter committer = committer(store);
      BaseVersion base = committer.head(operation());
      int tasks = kind == Kind.DELETE_PARTITION ? 0 : kind == Kind.COMPACT ? 1 : 3;
      for (int task = 0; task < tasks; task++) {
        String rows = kind == Kind.COMPACT ? "x1\ny1" : "n" + task;
        outputs.add(retried(task, rows, kind == Kind.COMPACT || task == 0 ? "1" : "3"));
      }
      return commit(store, base, operation(), origin(), outputs);
    } catch (Stopped | IOException e) {
      inTask = false;
      return false;
    }
  }

  private TaskOutput retried(int partition, String rows, String value) throws IOException {
    try {
      inTask = true;
      return task(store, partition, rows, value);
    } catch (Stopped e) {
      if (!e.task) {
        throw e;
      }
      return task(store, partition, rows, value);
    } catch (IOException e) {
      return task(store, partition, rows, value);
    } finally {
      inTask = false;
    }
  }

  private TaskOutput task(ObjectStore via, int partition, String rows, String value)
      throws IOException {
    ObjectNames names =
        new ObjectNames(out, kind.layout, partition, 7, UUID.randomUUID().toString(), "txt");
    ObjectSink sink = new ObjectSink(via, names.location(0), kind.layout);
    sink.write(rows.getBytes(StandardCharsets.UTF_8));
    try {
      sink.close();
    } catch (IOException e) {
      try {
        sink.discard();
      } catch (IOException ignored) {
        // clean-up deletes it
      }
      throw e;
    }
    FileFacts facts = new FileFacts(Partition.of("p", value), Map.of());
    TaskObject object = sink.result(1);
    if (object instanceof WrittenObject written) {
      object =
          new WrittenObject(
              written.location(), written.lengthBytes(), written.etag(), written.rows(), facts);
    } else if (object instanceof PendingObject pending) {
      MultipartHandle upload = pending.upload();
      object = new PendingObject(upload, pending.lengthBytes(), pending.rows(), facts);
    }
    return new TaskOutput(partition, List.of(object));
  }

  private ManifestCommitter committer(ObjectStore via) {
    return new ManifestCommitter(
        new ManifestLog(via, out),
        CommitFixture.ANY,
        CommitFixture.NO_PAUSE,
        ManifestCommitter.Publishers.DRIVER);
  }

  private boolean commit(
      ObjectStore via, Operation operation, CommitOrigin origin, List<TaskOutput> outputs)
      throws IOException {
    return commit(via, committer(via).head(operation), operation, origin, outputs);
  }

  private boolean commit(
      ObjectStore via,
      BaseVersion base,
      Operation operation,
      CommitOrigin origin,
      List<TaskOutput> outputs)
      throws IOException {
    CommitRequest request =
        new CommitRequest(
            UUID.randomUUID().toString(),
            operation,
            origin,
            "text",
            "{\"type\":\"struct\",\"fields\":[]}",
            Map.of(),
            kind.layout,
            new TableState(List.of("p"), Map.of()),
            List.of());
    Publication publication =
        kind.layout == Layout.MANIFEST
            ? new ManifestPublication(committer(via), request, base)
            : new PlainPublication(
                via,
                out,
                OutputRecovery.completion(via, out, CommitFixture.NO_PAUSE),
                request,
                base);
    JobCommit job = new JobCommit(via, publication);
    try {
      Optional<Snapshot> published = job.commit(JobObjects.inOrder(outputs, outputs.size()));
      if (published.isEmpty()) {
        int unused = job.abort(outputs);
      }
      return true;
    } catch (IOException e) {
      int unused = job.abort(outputs);
      return false;
    }
  }

  private Set<String> rows() throws IOException {
    TreeSet<String> rows = new TreeSet<>();
    Optional<Snapshot> latest = log.latest();
    if (latest.isPresent()) {
      for (ManifestEntry file : log.allFiles(latest.get())) {
        for (String row : raw.readUtf8(ObjectLocation.parse(file.location())).split("\n", -1)) {
          assertThat(rows.add(row)).as("row %s once", row).isTrue();
        }
      }
    }
    return rows;
  }

  /** Objects that no version names and that are no manifest. */
  private List<String> orphans() throws IOException {
    Set<String> named = new HashSet<>();
    for (long version = 1; version <= log.latestVersion(); version++) {
      Snapshot manifest = log.read(version);
      log.allFiles(manifest).forEach(file -> named.add(file.location()));
      manifest.parts().forEach(part -> named.add(log.location(part.name()).toString()));
      named.add(log.location(version).toString());
    }
    List<String> orphans = new ArrayList<>();
    raw.listAll(out.bucket(), out.prefix() + "/")
        .forEachRemaining(
            (ListedObject object) -> {
              if (!named.contains(object.location().toString())) {
                orphans.add(object.location().toString());
              }
            });
    return orphans;
  }
}
