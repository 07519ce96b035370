// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes a plain commit whose recovery record is stored: completes the uploads, publishes the
 * manifest and deletes the record. Another process may have done each step before, or may do it at
 * the same time; so the driver and recovery run the same code.
 */
final class PlainCompletion {
  private static final Logger LOG = LoggerFactory.getLogger(PlainCompletion.class);
  private static final int PARALLEL_COMPLETIONS = 16;

  private final ObjectStore store;
  private final OutputLayout output;
  private final ManifestLog log;
  private final ManifestCommitter committer;

  /**
   * @param committer for several publishers
   */
  PlainCompletion(
      ObjectStore store, OutputLayout output, ManifestLog log, ManifestCommitter committer) {
    this.store = store;
    this.output = output;
    this.log = log;
    this.committer = committer;
  }

  /**
   * Finishes the commit. One POST per object, one PUT of the manifest, one DELETE of the record. An
   * overwrite also reads the version before and deletes its plain objects. Failures after the
   * publication are only logged.
   *
   * @return the published manifest; empty when mode {@code IGNORE} kept an earlier version
   */
  Optional<Snapshot> finish(PendingCommit pending) throws IOException {
    List<ManifestEntry> files = complete(pending.uploads());
    WriteMode mode = pending.mode();
    Optional<Snapshot> manifest;
    try {
      manifest =
          committer.commit(
              pending.job().withFiles(files), committer.headAt(pending.baseVersion(), mode));
    } catch (CommitRefused e) {
      if (!mode.buildsOnOthers()) {
        cleanUp(pending, Optional.empty());
      }
      throw e;
    }
    cleanUp(pending, manifest);
    return manifest;
  }

  private void cleanUp(PendingCommit pending, Optional<Snapshot> manifest) {
    try {
      if (manifest.isEmpty()) {
        store.delete(
            pending.uploads().stream().map(upload -> upload.toObject().location()).toList());
      } else if (pending.mode() == WriteMode.OVERWRITE && manifest.get().version() > 1) {
        deleteReplaced(manifest.get().version() - 1);
      }
      // Last: while the record exists, recovery repeats the steps before.
      store.delete(List.of(pending.location(output)));
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "The commit {} to {} is done; recovery will delete its record.",
          pending.id(),
          output.output(),
          e);
    }
  }

  // A tool that lists must not read replaced rows. Later versions build on the overwrite, so none
  // names these objects.
  private void deleteReplaced(long version) throws IOException {
    Optional<Snapshot> replaced = log.version(version);
    if (replaced.isEmpty()) {
      return;
    }
    List<ObjectLocation> plain =
        replaced.get().files().stream()
            .map(file -> new ObjectLocation(file.bucket(), file.key()))
            .filter(at -> at.bucket().equals(output.bucket()))
            .filter(at -> at.key().startsWith(ObjectNames.plainPrefix(output)))
            .toList();
    if (!plain.isEmpty()) {
      store.delete(plain);
    }
  }

  private List<ManifestEntry> complete(List<PendingCommit.Upload> uploads) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(PARALLEL_COMPLETIONS);
    try {
      List<Future<ManifestEntry>> running = new ArrayList<>();
      for (PendingCommit.Upload upload : uploads) {
        running.add(threads.submit(() -> complete(upload.toObject())));
      }
      List<ManifestEntry> files = new ArrayList<>();
      for (Future<ManifestEntry> file : running) {
        files.add(file.get());
      }
      return files;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while uploads were completed");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io
          ? io
          : new IOException("Cannot complete an upload to " + output.output(), e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private ManifestEntry complete(PendingObject object) throws IOException {
    try {
      return JobObjects.file(object, store.completeMultipart(object.upload()));
    } catch (IOException e) {
      // Completed before, or the response was lost. Only this upload uses the key, so an object of
      // its length is its result.
      ObjectStat stat =
          store
              .stat(object.location())
              .filter(found -> found.lengthBytes() == object.lengthBytes())
              .orElseThrow(() -> e);
      return JobObjects.file(object, stat.etag());
    }
  }
}
