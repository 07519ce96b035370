// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Partition;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ListedUpload;
import io.letsdata.store.MultipartHandle;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.PartsRefused;
import io.letsdata.store.StoreException;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import io.letsdata.write.commit.PartitionFilter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
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
 *
 * <p>A commit has three ends: it is published; it is refused for good, which is the same for every
 * process ({@link ManifestCommitter#published}), so its objects can be deleted; or its end is
 * unknown, and the record stays.
 */
final class PlainCompletion {
  private static final Logger LOG = LoggerFactory.getLogger(PlainCompletion.class);
  private static final int PARALLEL_REQUESTS = 16;

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
   * The version for the recovery record of a job. An overwrite replaces everything that is
   * committed when its record is stored, and is refused when another job commits after that: then
   * no process can drop a version that the overwrite did not know. The latest version when the job
   * began would be refused too often: its tasks may have run for hours since. One LIST for an
   * overwrite, and one GET when the latest version is not {@code began}; else no request.
   *
   * @param began latest version when the job began
   */
  BaseVersion base(CommitRequest job, BaseVersion began) throws IOException {
    if (!replaces(job.operation())) {
      return began;
    }
    BaseVersion head = committer.headAfter(began, job.operation());
    committer.check(job, head);
    committer.checkConflicts(job, began, head);
    return head;
  }

  private static boolean replaces(Operation operation) {
    return !(operation instanceof Operation.Append || operation instanceof Operation.Create);
  }

  /** The partitions of a version that an operation on partitions chooses. One GET per part. */
  Set<Partition> partitions(CommitRequest job, BaseVersion base) throws IOException {
    Optional<PartitionFilter> filter = FileLists.partitions(job);
    Set<Partition> partitions = new HashSet<>();
    if (filter.isPresent() && base.manifest().isPresent()) {
      for (ManifestEntry file : log.allFiles(base.manifest().get())) {
        if (filter.get().matches(file.partition())) {
          partitions.add(file.partition());
        }
      }
    }
    return partitions;
  }

  /**
   * Finishes the commit, on its driver. One POST per object, one PUT of the manifest, one DELETE of
   * the record; an overwrite also deletes the plain objects of the version before. Failures after
   * the publication are only logged.
   *
   * @param base the version of the record, as {@link #base} gave it
   * @return the published manifest; empty when it has no effect ({@link ManifestCommitter#commit})
   * @throws CommitRefused when no process will ever publish the job; its objects and its record are
   *     deleted
   * @throws IOException of another type when recovery may still publish the job
   */
  Optional<Snapshot> finish(PendingCommit pending, BaseVersion base) throws IOException {
    try {
      return publish(pending, base);
    } catch (CommitRefused e) {
      try {
        discard(pending);
        deleteRecord(pending);
      } catch (IOException | RuntimeException failure) {
        LOG.warn(
            "The commit {} to {} is refused; recovery will delete its objects.",
            pending.id(),
            output.output(),
            failure);
      }
      throw e;
    }
  }

  /**
   * As {@link #finish}, in another process and maybe much later: nothing is completed that cannot
   * be published any more. One LIST, and one GET for each version from the job's base on, more.
   *
   * @throws CommitRefused when no process will ever publish the job; its objects are deleted and
   *     its record stays
   */
  void recover(PendingCommit pending) throws IOException {
    try {
      Optional<Snapshot> earlier = committer.published(pending.job(), pending.baseVersion());
      if (earlier.isPresent()) {
        cleanUp(pending, earlier, BaseVersion.NONE);
      } else {
        publish(pending, committer.headAt(pending.baseVersion(), pending.job().operation()));
      }
    } catch (CommitRefused e) {
      discard(pending);
      throw e;
    }
  }

  private Optional<Snapshot> publish(PendingCommit pending, BaseVersion base) throws IOException {
    Optional<Snapshot> manifest = completeAndCommit(pending, base);
    cleanUp(pending, manifest, base);
    return manifest;
  }

  private Optional<Snapshot> completeAndCommit(PendingCommit pending, BaseVersion base)
      throws IOException {
    List<ManifestEntry> files;
    try {
      files = complete(pending.uploads());
    } catch (CommitRefused gone) {
      // Another process may have completed and published it, and a later overwrite deleted it.
      Optional<Snapshot> earlier = committer.published(pending.job(), pending.baseVersion());
      if (earlier.isPresent()) {
        return earlier;
      }
      throw gone;
    }
    return committer.commit(pending.job().withFiles(files), base);
  }

  private void cleanUp(PendingCommit pending, Optional<Snapshot> manifest, BaseVersion base) {
    try {
      if (manifest.isEmpty()) {
        discard(pending);
      } else if (replaces(pending.job().operation()) && manifest.get().version() > 1) {
        deleteReplaced(manifest.get(), base);
      }
      // Last: while the record exists, recovery repeats the steps before.
      deleteRecord(pending);
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "The commit {} to {} is done; recovery will delete its record.",
          pending.id(),
          output.output(),
          e);
    }
  }

  private void deleteRecord(PendingCommit pending) throws IOException {
    store.delete(List.of(pending.location(output)));
  }

  // A tool that lists must not read replaced rows. Later versions build on the overwrite, so none
  // names these objects.
  private void deleteReplaced(Snapshot overwrite, BaseVersion base) throws IOException {
    long before = overwrite.version() - 1;
    Optional<Snapshot> replaced = base.version() == before ? base.manifest() : readable(before);
    if (replaced.isEmpty()) {
      return;
    }
    Set<String> kept = locations(Optional.of(overwrite));
    List<ObjectLocation> plain =
        log.allFiles(replaced.get()).stream()
            .filter(file -> !kept.contains(file.location()))
            .map(file -> new ObjectLocation(file.bucket(), file.key()))
            .filter(at -> ObjectNames.isPlain(output, at))
            .toList();
    if (!plain.isEmpty()) {
      store.delete(plain);
    }
  }

  // What a version names that cannot be read is not known; clean-up names that version.
  private Optional<Snapshot> readable(long version) throws IOException {
    try {
      return log.version(version);
    } catch (ManifestException e) {
      return Optional.empty();
    }
  }

  /**
   * Deletes the uploads and objects of a commit that no process will publish, so that no listing
   * shows them. One DELETE per upload and per thousand objects, one LIST and one GET. An object
   * that the latest version names is kept: then the record is not of a job.
   */
  private void discard(PendingCommit pending) throws IOException {
    Set<String> kept = locations(log.latest());
    List<Callable<String>> aborts = new ArrayList<>();
    List<ObjectLocation> objects = new ArrayList<>();
    for (PendingCommit.Upload upload : pending.uploads()) {
      aborts.add(
          () -> {
            store.abortMultipart(upload.toObject().upload());
            return upload.uploadId();
          });
      if (!kept.contains(upload.location())) {
        objects.add(upload.at());
      }
    }
    List<String> unused = inParallel(aborts);
    if (!objects.isEmpty()) {
      store.delete(objects);
    }
  }

  private Set<String> locations(Optional<Snapshot> manifest) throws IOException {
    Set<String> locations = new HashSet<>();
    if (manifest.isPresent()) {
      log.allFiles(manifest.get()).forEach(file -> locations.add(file.location()));
    }
    return locations;
  }

  private List<ManifestEntry> complete(List<PendingCommit.Upload> uploads) throws IOException {
    List<Callable<ManifestEntry>> completions = new ArrayList<>();
    for (PendingCommit.Upload upload : uploads) {
      completions.add(() -> complete(upload.toObject()));
    }
    return inParallel(completions);
  }

  /**
   * Runs all requests, also after one has failed: none may take effect after this method.
   *
   * @throws CommitRefused when one of them threw it, else the first other failure
   */
  private <T> List<T> inParallel(List<Callable<T>> requests) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(PARALLEL_REQUESTS);
    try {
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> request : requests) {
        running.add(threads.submit(request));
      }
      List<T> results = new ArrayList<>();
      Optional<IOException> failure = Optional.empty();
      for (Future<T> request : running) {
        try {
          results.add(request.get());
        } catch (ExecutionException e) {
          IOException io = failure(e);
          if (failure.isEmpty() || io instanceof CommitRefused) {
            failure = Optional.of(io);
          }
        }
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while uploads were completed");
    } finally {
      threads.shutdownNow();
    }
  }

  private IOException failure(ExecutionException e) {
    return e.getCause() instanceof IOException io
        ? io
        : new IOException("Cannot complete an upload to " + output.output(), e.getCause());
  }

  private ManifestEntry complete(PendingObject object) throws IOException {
    try {
      return JobObjects.file(object, store.completeMultipart(object.upload()));
    } catch (IOException e) {
      // Completed before, or the response was lost. Only this upload uses the key, so an object of
      // its length is its result.
      Optional<ObjectStat> stat =
          store
              .stat(object.location())
              .filter(found -> found.lengthBytes() == object.lengthBytes());
      if (stat.isPresent()) {
        return JobObjects.file(object, stat.get().etag());
      }
      if (e instanceof PartsRefused) {
        throw new CommitRefused(
            "Cannot finish a commit to %s: %s Run the job again."
                .formatted(output.output(), e.getMessage()));
      }
      if (isGone(e, object.upload())) {
        throw new CommitRefused(
            "Cannot finish a commit to %s: the upload to %s was aborted, and the object does not exist. Run the job again."
                .formatted(output.output(), object.location()));
      }
      throw e;
    }
  }

  /** Whether the store refused the upload and does not list it. One LIST after a refusal. */
  private boolean isGone(IOException failure, MultipartHandle upload) throws IOException {
    if (failure.getClass() != StoreException.class) {
      return false; // no answer, no right: the upload may exist
    }
    return store.listUploads(upload.location().bucket(), upload.location().key()).stream()
        .map(ListedUpload::handle)
        .noneMatch(listed -> listed.uploadId().equals(upload.uploadId()));
  }
}
