// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.S3ProxyServer;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Lineage;
import io.letsdata.manifest.version.OperationKind;
import io.letsdata.manifest.version.Partition;
import io.letsdata.manifest.version.TableState;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.s3.SharedStores;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import io.letsdata.write.commit.PartitionFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Appenders, writers that overwrite partitions, a compactor and readers at the same time, on a real
 * S3 server. {@code -Dletsdata.soak.commits=1000} is the long run.
 */
class ConcurrentCommitsIT {
  private static final int COMMITS = Integer.getInteger("letsdata.soak.commits", 80);
  private static final int APPENDERS = 16;
  private static final OutputLayout OUT = OutputLayout.of("s3://bucket/many");

  @TempDir static Path folder = Path.of("");

  private final AtomicInteger commits = new AtomicInteger();
  private final Set<String> committed = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Set<String>> read = new ConcurrentLinkedQueue<>();

  private static CommitRequest job(Operation operation, String partition) {
    String id = UUID.randomUUID().toString();
    ManifestEntry file =
        ManifestEntry.pinned("s3://bucket/many/data/" + id + ".txt", 1, "e", OptionalLong.of(1))
            .with(Map.of(), Partition.of("p", partition));
    return new CommitRequest(
        id,
        operation,
        CommitOrigin.of("app", operation.kind().text()),
        "text",
        "{\"type\":\"struct\",\"fields\":[]}",
        Map.of(),
        Layout.MANIFEST,
        new TableState(List.of("p"), Map.of()),
        List.of(file));
  }

  private static ManifestCommitter committer(ObjectStore store) {
    return new ManifestCommitter(
        new ManifestLog(store, OUT),
        CommitFixture.ANY,
        RetryPause.jittered(Duration.ofMillis(2), Duration.ofMillis(200)),
        ManifestCommitter.Publishers.DRIVER);
  }

  private void commit(ObjectStore store, Operation operation, String partition) throws IOException {
    CommitRequest job = job(operation, partition);
    ManifestCommitter committer = committer(store);
    try {
      assertThat(committer.commit(job, committer.head(operation))).isPresent();
      committed.add(job.id());
      commits.incrementAndGet();
    } catch (CommitRefused e) {
      assertThat(operation).isNotInstanceOf(Operation.Append.class);
      refused.add(job.id());
    }
  }

  private Callable<Void> whileRunning(Work work) {
    return () -> {
      while (commits.get() < COMMITS) {
        work.once();
      }
      return null;
    };
  }

  private interface Work {
    void once() throws IOException;
  }

  private void compact(ObjectStore store) throws IOException {
    ManifestLog log = new ManifestLog(store, OUT);
    Optional<Snapshot> latest = log.latest();
    if (latest.isPresent()) {
      Set<String> replaced =
          log.allFiles(latest.get()).stream()
              .filter(file -> file.partition().equals(Partition.of("p", "0")))
              .map(ManifestEntry::location)
              .limit(20)
              .collect(Collectors.toSet());
      if (replaced.size() > 1) {
        commit(store, new Operation.Compact(replaced), "0");
      }
    }
  }

  @Test
  void everyCommitIsInTheLinearHistoryOnceAndEveryReadIsAVersion() throws Exception {
    try (S3ProxyServer server = S3ProxyServer.start(S3ProxyServer.builtJars(), folder, "bucket")) {
      ObjectStore store = SharedStores.get(TestIdentity.settings(server.endpoint()));
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < APPENDERS; i++) {
        String partition = Integer.toString(i % 4);
        work.add(whileRunning(() -> commit(store, new Operation.Append(), partition)));
      }
      for (String partition : List.of("1", "2")) {
        Operation overwrite =
            new Operation.OverwritePartitions(
                Optional.of(PartitionFilter.of(Set.of(Partition.of("p", partition)))));
        work.add(whileRunning(() -> commit(store, overwrite, partition)));
      }
      work.add(whileRunning(() -> compact(store)));
      for (int i = 0; i < 2; i++) {
        work.add(
            whileRunning(
                () -> {
                  ManifestLog log = new ManifestLog(store, OUT);
                  Optional<Snapshot> latest = log.latest();
                  read.add(
                      latest.isEmpty()
                          ? Set.of()
                          : ExploredOutput.locations(log.allFiles(latest.get())));
                }));
      }
      ExecutorService threads = Executors.newFixedThreadPool(work.size());
      for (Future<Void> done : threads.invokeAll(work, 30, TimeUnit.MINUTES)) {
        done.get();
      }
      threads.shutdown();

      requireLinear(new ManifestLog(store, OUT));
    }
  }

  private void requireLinear(ManifestLog log) throws IOException {
    Map<String, Long> published = new HashMap<>();
    Set<Set<String>> states = new HashSet<>(Set.of(Set.of()));
    Set<String> state = new HashSet<>();
    Optional<String> parent = Optional.empty();
    long latest = log.latestVersion();
    for (long version = 1; version <= latest; version++) {
      Snapshot manifest = log.read(version);
      Lineage lineage = manifest.lineage().orElseThrow();
      assertThat(lineage.parent()).isEqualTo(parent);
      assertThat(published.put(manifest.id(), version)).isNull();
      Set<String> next = ExploredOutput.locations(log.allFiles(manifest));
      Set<String> expected = new HashSet<>(state);
      if (lineage.operation() != OperationKind.APPEND) {
        expected.retainAll(next);
        assertThat(lineage.change().removedFiles()).isEqualTo(state.size() - expected.size());
      }
      expected.add("s3://bucket/many/data/" + manifest.id() + ".txt");
      assertThat(next).as("version " + version).isEqualTo(expected);
      state = next;
      states.add(next);
      parent = Optional.of(manifest.id());
    }
    assertThat(published.keySet()).isEqualTo(committed).doesNotContainAnyElementsOf(refused);
    assertThat(read).isNotEmpty().allSatisfy(files -> assertThat(states).contains(files));
    System.out.printf(
        "%s versions, %s commits refused by a conflict, %s reads%n",
        latest, refused.size(), read.size());
  }
}
