// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.manifest.ObjectFormat;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.spark.ReadPlan;
import io.letsdata.read.spi.ConnectorOptions;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
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
final class ManifestTable implements SupportsRead {
  private final SparkSession session;
  private final ConnectorOptions options;
  private final StoreSettings settings;
  private @Nullable StructType schema;
  private @Nullable ReadPlan reads;

  private ManifestTable(SparkSession session, Map<String, String> properties) {
    this.session = session;
    this.options = ConnectorOptions.of(properties);
    this.settings = LetsDataS3Source.settings(session, options);
  }

  /**
   * Reads the manifest and determines the schema: that of the manifest, else that of the format,
   * else an inferred one.
   */
  static ManifestTable open(SparkSession session, Map<String, String> properties) {
    ManifestTable table = new ManifestTable(session, properties);
    try {
      ManifestInput input = table.load();
      table.schema =
          ReadPlan.tableSchema(
              session, input.schema().isPresent() ? input.schema().get() : table.inferred(input));
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
    ManifestTable table = new ManifestTable(session, properties);
    table.schema = ReadPlan.tableSchema(session, schema);
    return table;
  }

  private ManifestInput load() throws IOException {
    ManifestInput input = new ManifestLoader(store(), options).load();
    ObjectFormat format = format(input);
    Map<String, String> formatOptions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    formatOptions.putAll(input.options());
    formatOptions.putAll(options.formatOptions(format, ReadPlan.optionNames(format)));
    reads = new ReadPlan(session, format, input.name(), input.files(), formatOptions, settings);
    return input;
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
                    "Cannot read %s: a list of keys does not state the format of the objects. Set the option 'format' to text, json, csv, parquet or warc."
                        .formatted(input.name())));
  }

  private StructType inferred(ManifestInput input) throws IOException {
    long atMost = options.get(ConnectorOptions.INFERENCE_OBJECTS);
    return loaded()
        .inferSchema(store(), atMost)
        .orElseThrow(
            () ->
                new UserErrorException(
                    "Cannot infer the schema of %s: no data in the first %d of its %d objects. Give one with .schema(…)."
                        .formatted(input.name(), atMost, input.files().size())));
  }

  private ReadPlan loaded() {
    if (reads == null) {
      try {
        load();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    return java.util.Objects.requireNonNull(reads);
  }

  private ObjectStore store() {
    return SharedStores.get(settings);
  }

  @Override
  public String name() {
    return reads == null ? "letsdata-s3" : "letsdata-s3 " + reads.name();
  }

  @Override
  @SuppressWarnings("deprecation") // Table.columns() falls back to it
  public StructType schema() {
    return java.util.Objects.requireNonNull(schema);
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap ignored) {
    ReadPlan loaded = loaded();
    return loaded.scanBuilder(loaded.checked(schema()));
  }
}
