// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.filesystem.StoreFileSystem;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.options.Internal;
import io.letsdata.read.errors.ErrorSink;
import io.letsdata.read.spark.stats.StatedStatistics;
import io.letsdata.read.spark.task.ErrorBudget;
import io.letsdata.read.spark.task.IgnoredFiles;
import io.letsdata.read.warc.WarcOptions;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.v2.FileScanBuilder;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.sql.util.SchemaUtils;

/**
 * One read of one format: the connector's entrance to Spark's internals. Immutable; used on the
 * driver.
 *
 * @param input the objects
 * @param options of the format, already checked
 * @param keys columns whose values are in the keys of the objects
 * @param statistics those of the manifest that are true for this read
 */
@Internal
public record ReadPlan(
    SparkSession session,
    ObjectFormat format,
    ReadInput input,
    Map<String, String> options,
    StoreSettings store,
    KeyColumns keys,
    StatedStatistics statistics) {

  /** The names of the options of {@code format}, and of those that all formats have. */
  public static Set<String> optionNames(ObjectFormat format) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(
        format == ObjectFormat.WARC ? WarcOptions.ALL.keys() : SparkFormat.optionNames(format));
    names.addAll(FileOptions.NAMES);
    return names;
  }

  /** Of the input, for messages and EXPLAIN. */
  public String name() {
    return input.name();
  }

  /** The objects that are read. */
  public List<ManifestEntry> files() {
    return input.files();
  }

  /** Facts about the rows of an object. */
  ReadFacts facts() {
    return new ReadFacts(keys, statistics);
  }

  /** Which objects are passed over. */
  IgnoredFiles ignoredFiles() {
    IgnoredFiles asked = IgnoredFiles.of(session, options);
    return input.errors().isPresent() ? new IgnoredFiles(asked.missing(), true) : asked;
  }

  /** Where the tasks of one scan write bad records; each call is another run. */
  Optional<ErrorBudget> newErrorBudget() {
    return input
        .errors()
        .map(errors -> ErrorSink.of(name(), UUID.randomUUID().toString(), errors, store))
        .map(sink -> ErrorBudget.watched(session.sparkContext(), sink));
  }

  /** Whether two plans read the same objects as the same rows, and write the same documents. */
  boolean readsAs(ReadPlan other) {
    return format == other.format
        && ignoredFiles().equals(other.ignoredFiles())
        && input.errors().equals(other.input.errors())
        && store.equals(other.store);
  }

  /** Whether Spark's decoder gives bad records as a column, which is taken out again. */
  boolean capturesRecords() {
    return input.errors().isPresent()
        && (format == ObjectFormat.JSON || format == ObjectFormat.CSV);
  }

  /**
   * The schema of a table, as Spark's own sources make it: every column, field, element and value
   * may be null, whatever the user, a bean or a manifest states, because objects are not checked
   * against it. No request.
   *
   * <p>Throws Spark's AnalysisException (unchecked here, as Scala does), COLUMN_ALREADY_EXISTS,
   * when a column is named twice on one level. {@code spark.sql.caseSensitive} of the session
   * decides whether {@code id} and {@code ID} are the same.
   */
  public static StructType tableSchema(SparkSession session, StructType schema) {
    SchemaUtils.checkSchemaColumnNameDuplication(
        schema, session.sessionState().conf().caseSensitiveAnalysis());
    return schema.asNullable();
  }

  /**
   * The user's schema, as nullable, when the format can read it.
   *
   * @throws IllegalArgumentException with the column that it cannot read
   */
  public StructType checked(StructType userSchema) {
    StructType ofObjects = keys.withoutKeyColumns(userSchema);
    if (format == ObjectFormat.WARC) {
      WarcScanBuilder.check(ofObjects);
      return userSchema.asNullable();
    }
    FileFormat fileFormat = SparkFormat.fileFormat(format);
    for (StructField field : ofObjects.fields()) {
      if (!fileFormat.supportDataType(field.dataType())
          || (format == ObjectFormat.TEXT && ofObjects.length() > 1)) {
        throw new IllegalArgumentException(
            "Cannot read format %s with column %s %s. Leave the schema out, or choose another."
                .formatted(format.text(), field.name(), field.dataType().sql()));
      }
    }
    return userSchema.asNullable();
  }

  /**
   * The schema without one of the user. No request for text and warc, whose schema is fixed; {@link
   * SchemaInference} states the cost for other formats.
   *
   * @param atMost number of objects that may be read; empty lets the format decide
   * @return empty when no object shows a column
   */
  public Optional<StructType> inferSchema(ObjectStore objectStore, Optional<Long> atMost)
      throws IOException {
    Optional<StructType> ofObjects =
        switch (format) {
          case WARC -> Optional.of(WarcColumn.schema());
          case TEXT -> Optional.of(new StructType().add("value", DataTypes.StringType));
          default ->
              new SchemaInference(format, session, objectStore, allOptions())
                  .infer(name(), files(), atMost)
                  .map(StructType::asNullable);
        };
    return ofObjects.map(keys::tableSchema);
  }

  /** Plans a scan; no request. */
  public ScanBuilder scanBuilder(StructType schema) {
    ManifestFileIndex index = new ManifestFileIndex(session, files(), keys);
    Map<String, String> all = allOptions();
    StructType withRecords = schema;
    if (capturesRecords()) {
      withRecords = CorruptRecords.added(schema);
      all.putAll(CorruptRecords.OPTIONS);
    }
    CaseInsensitiveStringMap given = new CaseInsensitiveStringMap(all);
    FileScanBuilder ofFormat =
        format == ObjectFormat.WARC
            ? new WarcScanBuilder(this, schema, index)
            : SparkFormat.scanBuilder(
                format, session, index, withRecords, keys.withoutKeyColumns(withRecords), given);
    return new ManifestScanBuilder(this, schema, index, ofFormat);
  }

  /**
   * All options. Spark copies them to the Hadoop configuration, where the file system finds those
   * of the store.
   */
  private Map<String, String> allOptions() {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(options);
    all.putAll(StoreFileSystem.properties(store));
    return all;
  }
}
