// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.options.Evolving;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares every file that a version names with the object in the store. Stateless. */
@Evolving
public final class OutputCheck {
  private OutputCheck() {}

  /**
   * The result.
   *
   * @param files that the version names
   * @param problems one clause for each file that is not as the version names it
   */
  public record Result(long files, List<String> problems) {
    public Result {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Checks that each file exists with the length and etag of the manifest, is named once, and has
   * the version's partition columns. One GET per part, one LIST per thousand objects below the
   * output, one HEAD for each file elsewhere.
   *
   * @throws io.letsdata.manifest.ManifestException when a part is missing or has other bytes
   */
  public static Result verify(ObjectStore store, OutputLayout output, Snapshot version)
      throws IOException {
    Map<ObjectLocation, ObjectStat> stored = stored(store, output);
    ManifestLog log = new ManifestLog(store, output);
    List<String> problems = new ArrayList<>();
    Set<String> named = new HashSet<>();
    Iterator<ManifestEntry> files = log.files(version);
    try {
      while (files.hasNext()) {
        ManifestEntry file = files.next();
        if (!named.add(file.location())) {
          problems.add(file.location() + " is named twice");
        }
        if (!file.partition().columns().equals(version.table().partitionBy())) {
          problems.add(
              "%s has the partition columns %s, and the version has %s"
                  .formatted(
                      file.location(), file.partition().columns(), version.table().partitionBy()));
        }
        ObjectLocation at = new ObjectLocation(file.bucket(), file.key());
        Optional<ObjectStat> found =
            stored.containsKey(at) ? Optional.of(stored.get(at)) : store.stat(at);
        difference(file, found).ifPresent(problems::add);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new Result(named.size(), problems);
  }

  private static Optional<String> difference(ManifestEntry file, Optional<ObjectStat> found) {
    if (found.isEmpty()) {
      return Optional.of(file.location() + " does not exist");
    }
    ObjectStat stat = found.get();
    if (file.lengthBytes().isPresent() && file.lengthBytes().getAsLong() != stat.lengthBytes()) {
      return Optional.of(
          "%s has %s bytes, and the manifest names %s"
              .formatted(file.location(), stat.lengthBytes(), file.lengthBytes().getAsLong()));
    }
    return file.etag()
        .filter(etag -> !etag.equals(stat.etag()))
        .map(
            etag ->
                "%s has etag %s, and the manifest names %s"
                    .formatted(file.location(), stat.etag(), etag));
  }

  private static Map<ObjectLocation, ObjectStat> stored(ObjectStore store, OutputLayout output)
      throws IOException {
    Map<ObjectLocation, ObjectStat> stored = new HashMap<>();
    String prefix = output.prefix().isEmpty() ? "" : output.prefix() + "/";
    try {
      Iterator<ListedObject> listed = store.listAll(output.bucket(), prefix);
      listed.forEachRemaining(object -> stored.put(object.location(), object.stat()));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return stored;
  }
}
