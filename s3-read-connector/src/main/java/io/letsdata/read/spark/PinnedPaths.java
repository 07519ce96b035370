// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.filesystem.StorePath;
import io.letsdata.store.ObjectChanged;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
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
import org.apache.hadoop.fs.Path;

/**
 * Paths of objects in the store's file system, pinned to one version, so that the file system makes
 * no request for their status.
 */
final class PinnedPaths {
  private static final int HEADS_AT_ONCE = 16;

  private PinnedPaths() {}

  /** The pinned path. No request. */
  static Path path(ObjectLocation location, ObjectStat stat) {
    return StorePath.pinned(location, stat).toListedPath();
  }

  /**
   * Lengths and etags, in the order of {@code objects}: as {@link #stat}, at most {@value
   * #HEADS_AT_ONCE} HEADs at a time. The first failure in that order is thrown.
   */
  static List<ObjectStat> stats(ObjectStore store, List<ManifestInputPartition> objects)
      throws IOException {
    List<ObjectStat> stats = new ArrayList<>();
    if (objects.size() < 2) {
      for (ManifestInputPartition object : objects) {
        stats.add(stat(store, object));
      }
      return stats;
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.min(HEADS_AT_ONCE, objects.size()), PinnedPaths::daemon);
    try {
      List<Future<ObjectStat>> found = new ArrayList<>();
      objects.forEach(object -> found.add(pool.submit(() -> stat(store, object))));
      for (Future<ObjectStat> one : found) {
        stats.add(one.get());
      }
      return stats;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(String.valueOf(e.getMessage()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the objects' lengths were asked for");
    } finally {
      pool.shutdownNow();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "letsdata-read-heads");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Length and etag. No request when both are known; otherwise one HEAD, whose result must agree
   * with the known values.
   */
  static ObjectStat stat(ObjectStore store, ManifestInputPartition object) throws IOException {
    Optional<String> etag = object.etag();
    if (object.lengthBytes() >= 0 && etag.isPresent()) {
      return new ObjectStat(object.lengthBytes(), etag.get());
    }
    ObjectStat found =
        store
            .stat(object.location())
            .orElseThrow(
                () ->
                    new ObjectNotFound(
                        "Cannot read %s: there is no such object. Fix the manifest, or upload the object."
                            .formatted(object.location())));
    boolean lengthDiffers =
        object.lengthBytes() >= 0 && object.lengthBytes() != found.lengthBytes();
    if (lengthDiffers || !etag.map(found.etag()::equals).orElse(true)) {
      throw new ObjectChanged(
          "Cannot read %s: object changed since the manifest was made (%s, now %s). Make a new manifest."
              .formatted(object.location(), object, found));
    }
    return found;
  }
}
