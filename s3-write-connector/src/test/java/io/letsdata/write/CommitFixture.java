// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.TableState;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.write.commit.AppendRule;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the commit tests share: an output, jobs that store objects for it, and what a reader sees of
 * it.
 */
final class CommitFixture {
  static final OutputLayout OUT = OutputLayout.of("s3://b/out");
  static final RetryPause NO_PAUSE = round -> {};
  static final AppendRule ANY = (existing, job) -> Optional.empty();

  private CommitFixture() {}

  /** The objects of a job of two tasks, stored, as their tasks would report them. */
  static List<TaskOutput> stored(ObjectStore store, String name) throws IOException {
    List<TaskOutput> outputs = new ArrayList<>();
    for (int partition = 0; partition < 2; partition++) {
      ObjectLocation at = new ObjectLocation("b", OUT.dataKey(partition, 7, name, "txt"));
      String etag = store.put(at, ObjectContent.ofUtf8(name + partition));
      outputs.add(
          new TaskOutput(partition, List.of(new WrittenObject(at, name.length() + 1, etag, 1))));
    }
    return outputs;
  }

  /** A job without its files. */
  static CommitRequest job(String id, WriteMode mode) {
    return job(id, mode, Layout.MANIFEST);
  }

  /** A job without its files. */
  static CommitRequest job(String id, WriteMode mode, Layout layout) {
    return new CommitRequest(
        id,
        mode.operation(),
        CommitOrigin.of("app-" + id, "test"),
        "text",
        "{\"type\":\"struct\",\"fields\":[]}",
        Map.of(),
        layout,
        TableState.NONE,
        List.of());
  }

  /** The objects of all tasks. */
  static List<TaskObject> objects(List<TaskOutput> outputs) {
    return JobObjects.inOrder(outputs, outputs.size());
  }

  static ManifestCommitter committer(ObjectStore store) {
    return new ManifestCommitter(
        new ManifestLog(store, OUT), ANY, NO_PAUSE, ManifestCommitter.Publishers.DRIVER);
  }

  /** A commit of job {@code id} that is not made yet. */
  static JobCommit commit(ObjectStore store, String id, WriteMode mode, BaseVersion base) {
    return new JobCommit(store, new ManifestPublication(committer(store), job(id, mode), base));
  }

  /** Commits a job that meets no trouble. */
  static void commit(ObjectStore store, String name, WriteMode mode) throws IOException {
    commit(store, "id-" + name, mode, committer(store).head(mode.operation()))
        .commit(objects(stored(store, name)));
  }

  /** Nonces of the objects that a reader of the latest version reads, one for each object. */
  static List<String> visible(ObjectStore store) throws IOException {
    ManifestLog log = new ManifestLog(store, OUT);
    Optional<Snapshot> latest = log.latest();
    return (latest.isEmpty() ? List.<ManifestEntry>of() : log.allFiles(latest.get()))
        .stream()
            .map(ManifestEntry::key)
            .map(key -> key.substring(key.lastIndexOf('-') + 1, key.lastIndexOf('.')))
            .toList();
  }

  /** Every object that any version names can be read. */
  static boolean nothingNamedIsMissing(ObjectStore store) throws IOException {
    ManifestLog log = new ManifestLog(store, OUT);
    long latest = log.latestVersion();
    for (long version = 1; version <= latest; version++) {
      for (ManifestEntry file : log.allFiles(log.read(version))) {
        if (store.stat(ObjectLocation.parse(file.location())).isEmpty()) {
          return false;
        }
      }
    }
    return true;
  }
}
