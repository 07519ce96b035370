package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestFile;
import java.util.Optional;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * One object, one task. Travels to the worker, so it holds no Optional (not serializable).
 *
 * @param lengthBytes or {@link #UNKNOWN}
 * @param etagOrEmpty empty when unknown
 */
record ObjectPartition(String location, long lengthBytes, String etagOrEmpty)
    implements InputPartition {
  static final long UNKNOWN = -1;

  static ObjectPartition of(ManifestFile file) {
    return new ObjectPartition(
        file.location(), file.lengthBytes().orElse(UNKNOWN), file.etag().orElse(""));
  }

  Optional<String> etag() {
    return etagOrEmpty.isEmpty() ? Optional.empty() : Optional.of(etagOrEmpty);
  }
}
