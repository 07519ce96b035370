// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.filesystem.StorePath;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.read.spark.task.ObjectSlice;
import io.letsdata.read.spark.task.PinnedPaths;
import io.letsdata.read.spark.task.PortableException;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Infers the schema of objects whose manifest states none, with Spark's inference, from the objects
 * that {@link InferenceSample} chooses.
 */
final class SchemaInference {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaInference.class);

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
   * Infers the schema; empty when no object shows a column. One HEAD for each of these objects that
   * is not pinned, and the GETs of a Spark job.
   *
   * @param name of the input, for the log
   * @param atMost the user's limit of objects
   */
  Optional<StructType> infer(String name, List<ManifestEntry> files, Optional<Long> atMost)
      throws IOException {
    InferenceSample sample = new InferenceSample(files, atMost);
    if (firstObjectDecides()) {
      return fromFirst(name, sample);
    }
    List<FileStatus> statuses =
        statuses(mergesSchema() ? sample.allUnlessLimited() : sample.spread());
    if (statuses.isEmpty()) {
      return Optional.empty();
    }
    Optional<StructType> schema = columns(name, statuses);
    if (schema.isPresent() && statuses.size() < sample.notEmpty()) {
      LOG.warn(
          "The schema of {} is inferred from {} of its {} objects. Columns and types that only other objects have are not read: give a schema, or raise the option 'inference-objects'.",
          name,
          statuses.size(),
          files.size());
    }
    return schema;
  }

  /** Spark reads one file for these too; here it is the first that shows a column. */
  private boolean firstObjectDecides() {
    return switch (format) {
      case PARQUET, ORC -> !mergesSchema();
      case AVRO -> true;
      case CSV -> !new CaseInsensitiveStringMap(options).getBoolean("inferSchema", false);
      default -> false;
    };
  }

  private boolean mergesSchema() {
    return SparkFormat.mergesSchema(format, session, options);
  }

  private Optional<StructType> fromFirst(String name, InferenceSample sample) throws IOException {
    for (ManifestEntry file : sample.first()) {
      List<FileStatus> one = statuses(List.of(file));
      Optional<StructType> schema = one.isEmpty() ? Optional.empty() : columns(name, one);
      if (schema.isPresent()) {
        return schema;
      }
    }
    return Optional.empty();
  }

  /** Of the objects that are not empty; Spark's own file index leaves these out too. */
  private List<FileStatus> statuses(List<ManifestEntry> files) throws IOException {
    List<ObjectSlice> objects = files.stream().map(ObjectSlice::of).toList();
    List<ObjectStat> stats = PinnedPaths.stats(store, objects);
    List<FileStatus> statuses = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      long lengthBytes = stats.get(i).lengthBytes();
      if (lengthBytes > 0) {
        statuses.add(
            new FileStatus(
                lengthBytes,
                false,
                1,
                lengthBytes,
                0,
                PinnedPaths.path(objects.get(i).location(), stats.get(i))));
      }
    }
    return statuses;
  }

  private Optional<StructType> columns(String name, List<FileStatus> statuses) throws IOException {
    Map<String, String> inferenceOptions = new HashMap<>(options);
    inferenceOptions.put(DataSource.GLOB_PATHS_KEY(), "false"); // a key may have a star
    try {
      return SparkFormat.inferSchema(format, session, inferenceOptions, statuses)
          .filter(schema -> !schema.isEmpty());
    } catch (Exception e) { // Scala throws checked exceptions without declaring them
      if (e instanceof AnalysisException || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      throw unreadable(name, statuses, e);
    }
  }

  private IOException unreadable(String name, List<FileStatus> statuses, Exception e) {
    Throwable root = PortableException.root(e);
    String firstLine =
        PortableException.shown(root.getMessage() == null ? root.toString() : root.getMessage())
            .lines()
            .findFirst()
            .orElse("");
    return new IOException(
        "Cannot infer the schema of %s as %s from %s%s: %s. Check the objects and the option 'format', or give a schema with .schema(…)."
            .formatted(
                name,
                format.text(),
                StorePath.parse(statuses.get(0).getPath()).location(),
                statuses.size() == 1 ? "" : " and " + (statuses.size() - 1) + " others",
                firstLine),
        PortableException.of(e));
  }
}
