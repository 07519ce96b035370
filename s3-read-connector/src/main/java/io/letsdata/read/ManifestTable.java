// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.errors.ErrorOptions;
import io.letsdata.read.spark.FileMetadata;
import io.letsdata.read.spark.FileOptions;
import io.letsdata.read.spark.KeyColumns;
import io.letsdata.read.spark.LocalAggregates;
import io.letsdata.read.spark.ReadInput;
import io.letsdata.read.spark.ReadPlan;
import io.letsdata.read.spark.stats.StatedStatistics;
import io.letsdata.read.spi.ConnectorOptions;
import io.letsdata.read.spi.Sessions;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one manifest as a table. The manifest is read once, when it is first needed; all
 * scans of the table use the same.
 */
final class ManifestTable implements SupportsRead, SupportsMetadataColumns {
  private final ConnectorOptions options;
  private final Optional<StructType> usersSchema;
  private @Nullable StructType schema;
  private @Nullable ManifestInput loaded;

  private ManifestTable(Map<String, String> properties, Optional<StructType> usersSchema) {
    this.options = ConnectorOptions.of(properties);
    this.usersSchema = usersSchema;
  }

  /**
   * Reads the manifest and determines the schema: that of the manifest, else that of the format,
   * else an inferred one.
   */
  static ManifestTable open(SparkSession session, Map<String, String> properties) {
    LocalAggregates.addTo(session);
    ManifestTable table = new ManifestTable(properties, Optional.empty());
    try {
      ReadPlan plan = table.plan(session);
      ManifestInput input = table.load(session);
      table.schema =
          ReadPlan.tableSchema(
              session,
              input.schema().isPresent()
                  ? input.schema().get()
                  : table.inferred(plan, table.store(session)));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    return table;
  }

  /**
   * A table with the user's schema. Makes no request yet: Spark creates such a table for each write
   * too.
   */
  static ManifestTable withSchema(
      SparkSession session, Map<String, String> properties, StructType schema) {
    LocalAggregates.addTo(session);
    ManifestTable table = new ManifestTable(properties, Optional.of(schema));
    table.schema = ReadPlan.tableSchema(session, schema);
    return table;
  }

  private ManifestInput load(SparkSession session) throws IOException {
    if (loaded == null) {
      loaded = new ManifestLoader(store(session), options).load();
    }
    return loaded;
  }

  /** The read in one session, whose settings decide how rows are decoded. */
  private ReadPlan plan(SparkSession session) throws IOException {
    ManifestInput input = load(session);
    ObjectFormat format = format(input);
    Map<String, String> formatOptions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    formatOptions.putAll(input.options());
    formatOptions.putAll(options.formatOptions(format, ReadPlan.optionNames(format)));
    List<ManifestEntry> files = FileOptions.select(input.name(), input.files(), formatOptions);
    boolean recursive = FileOptions.isRecursive(formatOptions);
    return new ReadPlan(
        session,
        format,
        new ReadInput(input.name(), files, input.files(), options.taskSizes(), errors()),
        formatOptions,
        LetsDataS3Source.settings(session, options),
        recursive ? KeyColumns.NONE : keys(session, input, files),
        statistics(session, input, format));
  }

  /** Where bad records go; {@code mode=failfast} would contradict it. */
  private Optional<ErrorOptions> errors() {
    Optional<ErrorOptions> errors = ErrorOptions.of(options.all());
    String mode = options.rest().getOrDefault("mode", "");
    if (errors.isPresent() && mode.equalsIgnoreCase("failfast")) {
      throw new UserErrorException(
          "Cannot read with 'mode'='%s' and 'error-path'='%s': the first ends the read at a bad record, the second writes it down. Remove one."
              .formatted(mode, errors.get().path()));
    }
    return errors;
  }

  /**
   * The manifest's statistics, when they are true for the rows of this read: they count the rows
   * that were written. Options of a text format may make others of the same bytes, and a read that
   * ignores objects has fewer.
   */
  private StatedStatistics statistics(
      SparkSession session, ManifestInput input, ObjectFormat format) {
    boolean asWritten =
        switch (format) {
          case PARQUET, ORC, AVRO -> true;
          case TEXT, JSON, CSV, WARC ->
              FileOptions.NAMES.containsAll(
                  options.rest().keySet().stream().map(FileOptions::canonical).toList());
        };
    return schema != null
            && asWritten
            && errors().isEmpty()
            && input.schema().isPresent()
            && !FileOptions.ignores(session, options.rest())
        ? StatedStatistics.of(input.schema().get().asNullable(), schema())
        : StatedStatistics.NONE;
  }

  /** The objects of a snapshot hold all of its columns. */
  private KeyColumns keys(SparkSession session, ManifestInput input, List<ManifestEntry> files) {
    return input.isList() && options.get(ConnectorOptions.PARTITION_COLUMNS)
        ? KeyColumns.of(session, input.name(), files, usersSchema)
        : KeyColumns.NONE;
  }

  private ObjectFormat format(ManifestInput input) {
    Optional<ObjectFormat> asked = options.get(ConnectorOptions.FORMAT);
    if (asked.isPresent() && input.format().isPresent() && asked.get() != input.format().get()) {
      throw new UserErrorException(
          "Cannot read %s as %s: its manifest states %s. Remove the option 'format'."
              .formatted(input.name(), asked.get().text(), input.format().get().text()));
    }
    return asked
        .or(input::format)
        .orElseThrow(
            () ->
                new UserErrorException(
                    "Cannot read %s: a list of keys does not state the format of the objects. Set the option 'format' to text, json, csv, parquet, orc, avro or warc."
                        .formatted(input.name())));
  }

  private StructType inferred(ReadPlan plan, ObjectStore store) throws IOException {
    return plan.inferSchema(store, options.get(ConnectorOptions.INFERENCE_OBJECTS))
        .orElseThrow(
            () ->
                new UserErrorException(
                    "Cannot infer the schema of %s: no column in those of its %s objects that were looked at. Give one with .schema(…), or raise the option 'inference-objects'."
                        .formatted(plan.name(), plan.files().size())));
  }

  private ObjectStore store(SparkSession session) {
    return LetsDataS3Source.store(session, options);
  }

  @Override
  public String name() {
    return loaded == null ? "letsdata-s3" : "letsdata-s3 " + loaded.name();
  }

  @Override
  @SuppressWarnings("deprecation") // Table.columns() falls back to it
  public StructType schema() {
    return java.util.Objects.requireNonNull(schema);
  }

  @Override
  public MetadataColumn[] metadataColumns() {
    return FileMetadata.columns();
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  /** Spark calls it while it plans a query, with the query's session as the active one. */
  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap ignored) {
    SparkSession session = Sessions.current();
    try {
      ReadPlan plan = plan(session);
      return plan.scanBuilder(plan.checked(ReadPlan.tableSchema(session, schema())));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
