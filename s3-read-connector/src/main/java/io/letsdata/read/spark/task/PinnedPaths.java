// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.filesystem.StorePath;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.options.Internal;
import io.letsdata.store.ObjectChanged;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;

/**
 * Paths of objects in the store's file system, pinned to one version, so that the file system makes
 * no request for their status.
 */
@Internal
public final class PinnedPaths {
  private static final int HEADS_AT_ONCE = 16;

  private PinnedPaths() {}

  /** The pinned path. No request. */
  public static Path path(ObjectLocation location, ObjectStat stat) {
    return StorePath.pinned(location, stat).toListedPath();
  }

  /**
   * Lengths and etags, in the order of {@code objects}: as {@link #stat}, at most {@value
   * #HEADS_AT_ONCE} HEADs at a time. The first failure in that order is thrown.
   */
  public static List<ObjectStat> stats(ObjectStore store, List<ObjectSlice> objects)
      throws IOException {
    return each(objects, object -> stat(store, object));
  }

  private static <A, R> List<R> each(List<A> objects, Request<A, R> request) throws IOException {
    List<R> results = new ArrayList<>();
    if (objects.size() < 2) {
      for (A object : objects) {
        results.add(request.send(object));
      }
      return results;
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.min(HEADS_AT_ONCE, objects.size()), PinnedPaths::daemon);
    try {
      List<Future<R>> found = new ArrayList<>();
      objects.forEach(object -> found.add(pool.submit(() -> request.send(object))));
      for (Future<R> one : found) {
        results.add(one.get());
      }
      return results;
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

  /**
   * The entries that {@code needed} chooses, with length and etag, and the others as they are. One
   * HEAD for each of which they are unknown. A missing object stays as it is: its task decides.
   */
  public static List<ManifestEntry> measured(
      ObjectStore store, List<ManifestEntry> files, Predicate<ManifestEntry> needed) {
    List<ManifestEntry> unknown =
        files.stream()
            .filter(file -> file.lengthBytes().isEmpty() || file.etag().isEmpty())
            .filter(needed)
            .toList();
    if (unknown.isEmpty()) {
      return files;
    }
    Map<String, ObjectStat> found = new HashMap<>();
    try {
      List<Optional<ObjectStat>> stats =
          each(unknown, file -> store.stat(ObjectLocation.parse(file.location())));
      for (int i = 0; i < unknown.size(); i++) {
        String location = unknown.get(i).location();
        stats.get(i).ifPresent(stat -> found.put(location, stat));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    return files.stream()
        .map(
            file -> {
              ObjectStat stat = found.get(file.location());
              return stat == null
                  ? file
                  : ManifestEntry.pinned(
                      file.location(), stat.lengthBytes(), stat.etag(), file.rows());
            })
        .toList();
  }

  private interface Request<A, R> {
    R send(A about) throws IOException;
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
  public static ObjectStat stat(ObjectStore store, ObjectSlice object) throws IOException {
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
