// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.explore.Actor;
import io.letsdata.fixtures.explore.Scenario;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.OperationKind;
import io.letsdata.manifest.version.Partition;
import io.letsdata.manifest.version.TableState;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import io.letsdata.write.commit.PartitionFilter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * An output with writers and readers whose requests the explorer orders, and the invariants that
 * hold in every order.
 */
final class ExploredOutput implements Scenario {
  static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  /** The end of a commit as its driver reports it; absent for a driver that stopped. */
  enum End {
    COMMITTED,
    NO_EFFECT,
    REFUSED,
    UNKNOWN,
    FAILED
  }

  /** A job of one file. */
  record Job(CommitRequest request, List<TaskOutput> outputs) {}

  private Clock clock = Clock.fixed(NOW.minus(Duration.ofDays(2)), ZoneOffset.UTC);
  final InMemoryObjectStore memory =
      new InMemoryObjectStore(
          new Clock() {
            @Override
            public Instant instant() {
              return clock.instant();
            }

            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }
          },
          "b");
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final Map<String, End> ends = new HashMap<>();
  private final Map<String, Long> began = new HashMap<>();
  private final List<Set<String>> read = new ArrayList<>();
  private final List<Actor> actors = new ArrayList<>();
  private ObjectStore store = memory;

  /** From now on objects are stored at {@link #NOW}. */
  ExploredOutput now() {
    clock = Clock.fixed(NOW, ZoneOffset.UTC);
    return this;
  }

  /** Actors see this store, for planted mistakes. */
  ExploredOutput seenThrough(UnaryOperator<ObjectStore> mistake) {
    store = mistake.apply(memory);
    return this;
  }

  Job job(String id, Operation operation, String partition) throws IOException {
    return job(id, operation, CommitOrigin.of("app-" + id, ""), partition);
  }

  Job job(String id, Operation operation, CommitOrigin origin, String partition)
      throws IOException {
    List<TaskOutput> outputs = new ArrayList<>();
    if (!(operation instanceof Operation.DeletePartitions)) {
      ObjectLocation at =
          new ObjectLocation("b", CommitFixture.OUT.dataKey(0, 7, "n-" + id, "txt"));
      String etag = memory.put(at, ObjectContent.ofUtf8(id));
      outputs.add(
          new TaskOutput(
              0,
              List.of(
                  new WrittenObject(
                      at,
                      id.length(),
                      etag,
                      1,
                      new FileFacts(Partition.of("p", partition), Map.of())))));
    }
    CommitRequest request =
        new CommitRequest(
            id,
            operation,
            origin,
            "text",
            "{\"type\":\"struct\",\"fields\":[]}",
            Map.of(),
            Layout.MANIFEST,
            new TableState(List.of("p"), Map.of()),
            List.of());
    Job job = new Job(request, outputs);
    jobs.put(id, job);
    return job;
  }

  /** Commits before the actors begin. */
  ExploredOutput committed(Job job) throws IOException {
    commit(memory, job);
    assertThat(ends.get(job.request().id())).isEqualTo(End.COMMITTED);
    return this;
  }

  /** A driver that commits the job and aborts it when that fails. */
  ExploredOutput writer(Job job) {
    actors.add(Actor.of(job.request().id(), via -> commit(via, job)));
    return this;
  }

  ExploredOutput actor(Actor actor) {
    actors.add(actor);
    return this;
  }

  /** A reader of the latest version. */
  ExploredOutput reader(String name) {
    actors.add(
        Actor.reliable(
            name,
            via -> {
              ManifestLog log = new ManifestLog(via, CommitFixture.OUT);
              Optional<Snapshot> latest = log.latest();
              read.add(latest.isEmpty() ? Set.of() : locations(log.allFiles(latest.get())));
            }));
    return this;
  }

  private void commit(ObjectStore via, Job job) throws IOException {
    String id = job.request().id();
    ManifestCommitter committer = CommitFixture.committer(via);
    BaseVersion base;
    try {
      base = committer.head(job.request().operation());
    } catch (IOException e) {
      ends.put(id, End.FAILED);
      return;
    }
    began.put(id, base.version());
    JobCommit commit = new JobCommit(via, new ManifestPublication(committer, job.request(), base));
    try {
      boolean published =
          commit.commit(JobObjects.inOrder(job.outputs(), job.outputs().size())).isPresent();
      ends.put(id, published ? End.COMMITTED : End.NO_EFFECT);
    } catch (CommitOutcomeUnknown e) {
      ends.put(id, End.UNKNOWN);
    } catch (CommitRefused e) {
      ends.put(id, End.REFUSED);
    } catch (IOException e) {
      ends.put(id, End.FAILED);
    }
    if (ends.get(id) != End.COMMITTED) {
      try {
        int unused = commit.abort(job.outputs());
      } catch (IOException e) {
        // clean-up deletes them
      }
    }
  }

  @Override
  public ObjectStore store() {
    return store;
  }

  @Override
  public List<Actor> actors() {
    return actors;
  }

  static Set<String> locations(List<ManifestEntry> files) {
    return files.stream().map(ManifestEntry::location).collect(Collectors.toSet());
  }

  @Override
  public void check() throws Exception {
    ManifestLog log = new ManifestLog(memory, CommitFixture.OUT);
    long latest = log.latestVersion();
    Map<String, Long> committed = new HashMap<>();
    List<Set<String>> states = new ArrayList<>(List.of(Set.of()));
    Optional<Snapshot> parent = Optional.empty();
    for (long version = 1; version <= latest; version++) {
      Snapshot manifest = log.read(version);
      var lineage = manifest.lineage().orElseThrow();
      assertThat(lineage.parent()).as("linear history").isEqualTo(parent.map(Snapshot::id));
      if (parent.isPresent()) {
        assertThat(lineage.time()).isAfter(parent.get().lineage().orElseThrow().time());
      }
      assertThat(committed.put(manifest.id(), version)).as("published once").isNull();
      parent = Optional.of(manifest);
      if (manifest.state() == VersionState.PURGED) {
        states.add(Set.of("purged"));
        continue;
      }
      List<ManifestEntry> files = log.allFiles(manifest);
      assertThat(locations(files)).as("named once").hasSize(files.size());
      states.add(locations(files));
      requireNext(states.get((int) version - 1), files, manifest);
      if (manifest.state() == VersionState.LIVE) {
        for (ManifestEntry file : files) {
          assertThat(memory.stat(ObjectLocation.parse(file.location())))
              .as("file of version " + version + " exists: " + file.location())
              .isPresent();
        }
      }
    }
    ends.forEach(
        (id, end) -> {
          boolean published = committed.containsKey(id);
          assertThat(published)
              .as(id + " ended as " + end)
              .isEqualTo(
                  switch (end) {
                    case COMMITTED -> true;
                    case NO_EFFECT, REFUSED, FAILED -> false;
                    case UNKNOWN -> published;
                  });
        });
    assertThat(read).allSatisfy(files -> assertThat(files).isIn(states));
    requireNoConflict(log, committed);
  }

  /** A version is the one before and the effect of its job, and nothing else. */
  private void requireNext(Set<String> before, List<ManifestEntry> files, Snapshot manifest) {
    Job job = jobs.get(manifest.id());
    if (job == null || before.contains("purged")) {
      return; // a rollback, whose own test compares it
    }
    Set<String> expected = new HashSet<>(before);
    Set<String> own = new HashSet<>();
    job.outputs().forEach(o -> o.objects().forEach(f -> own.add(f.location().toString())));
    if (job.request().operation() instanceof Operation.Overwrite) {
      expected.clear();
    }
    Set<String> rest = new HashSet<>(locations(files));
    rest.removeAll(own);
    if (job.request().operation() instanceof Operation.Append) {
      assertThat(rest).as("append of " + manifest.id()).isEqualTo(before);
    } else {
      assertThat(expected).as("rows of " + manifest.id()).containsAll(rest);
    }
    assertThat(locations(files)).as("files of " + manifest.id()).containsAll(own);
  }

  /** No version between a job's begin and its commit changed the partitions that it replaces. */
  private void requireNoConflict(ManifestLog log, Map<String, Long> committed) throws IOException {
    for (Map.Entry<String, Long> job : committed.entrySet()) {
      Job made = jobs.get(job.getKey());
      if (made == null || !began.containsKey(job.getKey())) {
        continue;
      }
      var partitions =
          FileLists.partitions(
              made.request()
                  .withFiles(
                      made.outputs().stream()
                          .flatMap(o -> o.objects().stream())
                          .map(f -> JobObjects.file(f, "e"))
                          .toList()));
      if (partitions.isEmpty()) {
        continue;
      }
      Set<String> first = chosen(log, began.get(job.getKey()), partitions.get());
      for (long v = began.get(job.getKey()) + 1; v < job.getValue(); v++) {
        Set<String> chosen = chosen(log, v, partitions.get());
        if (log.read(v).lineage().orElseThrow().operation() == OperationKind.COMPACT) {
          first = chosen; // the same rows in other files
        }
        assertThat(chosen).as("no lost update").isEqualTo(first);
      }
      Set<String> after = chosen(log, job.getValue(), partitions.get());
      Set<String> own = new HashSet<>();
      made.outputs().forEach(o -> o.objects().forEach(f -> own.add(f.location().toString())));
      assertThat(after).as("partitions after " + job.getKey()).isEqualTo(own);
    }
  }

  private static Set<String> chosen(ManifestLog log, long version, PartitionFilter filter)
      throws IOException {
    if (version == 0) {
      return Set.of();
    }
    return log.allFiles(log.read(version)).stream()
        .filter(file -> filter.matches(file.partition()))
        .map(ManifestEntry::location)
        .collect(Collectors.toSet());
  }
}
