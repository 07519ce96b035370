// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Infers the schema of objects whose manifest states none, with Spark's inference, from the first
 * objects only: one object for Parquet without {@code mergeSchema} and for CSV without {@code
 * inferSchema}, else as many as the user allows.
 */
final class SchemaInference {
  private final ObjectFormat format;
  private final SparkSession session;
  private final ObjectStore store;
  private final Map<String, String> options;

  /**
   * @param options of the format and of the store
   */
  SchemaInference(
      ObjectFormat format, SparkSession session, ObjectStore store, Map<String, String> options) {
    this.format = format;
    this.session = session;
    this.store = store;
    this.options = options;
  }

  /**
   * Infers the schema; empty when no object has data. One HEAD for each of these objects that is
   * not pinned, and the GETs of a Spark job.
   */
  Optional<StructType> infer(List<ManifestEntry> files, long atMost) throws IOException {
    List<FileStatus> statuses = new ArrayList<>();
    for (ManifestEntry file : files) {
      if (statuses.size() >= Math.min(atMost, needed())) {
        break;
      }
      ManifestInputPartition object = ManifestInputPartition.of(file);
      ObjectStat stat = PinnedPaths.stat(store, object);
      if (stat.lengthBytes() > 0) {
        statuses.add(
            new FileStatus(
                stat.lengthBytes(),
                false,
                1,
                stat.lengthBytes(),
                0,
                PinnedPaths.path(object.location(), stat)));
      }
    }
    if (statuses.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> inferenceOptions = new HashMap<>(options);
    inferenceOptions.put(DataSource.GLOB_PATHS_KEY(), "false"); // a key may have a star
    return SparkFormat.inferSchema(format, session, inferenceOptions, statuses);
  }

  private long needed() {
    CaseInsensitiveStringMap given = new CaseInsensitiveStringMap(options);
    boolean one =
        switch (format) {
          case PARQUET -> !given.getBoolean("mergeSchema", false);
          case CSV -> !given.getBoolean("inferSchema", false);
          default -> false;
        };
    return one ? 1 : Long.MAX_VALUE;
  }
}
