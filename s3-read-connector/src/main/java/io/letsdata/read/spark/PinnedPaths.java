// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.filesystem.StorePath;
import io.letsdata.store.ObjectChanged;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Paths of objects in the store's file system, pinned to one version, so that the file system makes
 * no request for their status.
 */
final class PinnedPaths {
  private PinnedPaths() {}

  /** The pinned path. No request. */
  static Path path(ObjectLocation location, ObjectStat stat) {
    return StorePath.pinned(location, stat).toPath();
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
