// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.store.ObjectLocation;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.InternalRow$;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * One object, which is one task. It is serialized to the worker, so it has no Optional (not
 * serializable).
 *
 * @param lengthBytes length of the object, or {@link #UNKNOWN}
 * @param etagOrEmpty etag of the object, or empty when unknown
 * @param keyValues values of the columns that are in the key, as far as the scan needs them
 */
record ManifestInputPartition(
    ObjectLocation location, long lengthBytes, String etagOrEmpty, InternalRow keyValues)
    implements InputPartition {
  static final long UNKNOWN = -1;

  static ManifestInputPartition of(ManifestEntry file) {
    return of(file, InternalRow$.MODULE$.empty());
  }

  static ManifestInputPartition of(ManifestEntry file, InternalRow keyValues) {
    return new ManifestInputPartition(
        new ObjectLocation(file.bucket(), file.key()),
        file.lengthBytes().orElse(UNKNOWN),
        file.etag().orElse(""),
        keyValues);
  }

  Optional<String> etag() {
    return etagOrEmpty.isEmpty() ? Optional.empty() : Optional.of(etagOrEmpty);
  }
}
