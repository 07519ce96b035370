// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.manifest.ObjectFormat;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.spark.SparkReads;
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
 * The objects of one manifest as a table. The manifest is read once, at the first need; every scan
 * of the table sees the same.
 */
final class ManifestTable implements SupportsRead {
  private final SparkSession session;
  private final ConnectorOptions options;
  private final StoreSettings settings;
  private @Nullable StructType schema;
  private @Nullable SparkReads reads;

  private ManifestTable(SparkSession session, Map<String, String> properties) {
    this.session = session;
    this.options = ConnectorOptions.of(properties);
    this.settings = LetsDataS3Source.settings(session, options);
  }

  /**
   * Reads the manifest and finds the schema: the manifest's, else the format's, else an inferred
   * one.
   */
  static ManifestTable open(SparkSession session, Map<String, String> properties) {
    ManifestTable table = new ManifestTable(session, properties);
    try {
      Input input = table.load();
      table.schema =
          input.schema().isPresent() ? input.schema().get().asNullable() : table.inferred(input);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    return table;
  }

  /**
   * With a schema of the user's. Reads nothing yet: Spark makes such a table for each write as
   * well.
   */
  static ManifestTable withSchema(
      SparkSession session, Map<String, String> properties, StructType schema) {
    ManifestTable table = new ManifestTable(session, properties);
    table.schema = schema;
    return table;
  }

  private Input load() throws IOException {
    Input input = new InputLoader(store(), options).load();
    ObjectFormat format = format(input);
    Map<String, String> formatOptions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    formatOptions.putAll(input.options());
    formatOptions.putAll(options.formatOptions(format, SparkReads.optionNames(format)));
    reads = new SparkReads(session, format, input.name(), input.files(), formatOptions, settings);
    return input;
  }

  private ObjectFormat format(Input input) {
    Optional<ObjectFormat> asked = options.get(ConnectorOptions.FORMAT);
    if (asked.isPresent() && input.format().isPresent() && asked.get() != input.format().get()) {
      throw new UserErrorException(
          "Cannot read %s as %s: its manifest says %s. Remove the option 'format'."
              .formatted(input.name(), asked.get().text(), input.format().get().text()));
    }
    return asked
        .or(input::format)
        .orElseThrow(
            () ->
                new UserErrorException(
                    "Cannot read %s: a list of keys does not say how the objects are encoded. Set the option 'format' to text, json, csv, parquet or warc."
                        .formatted(input.name())));
  }

  private StructType inferred(Input input) throws IOException {
    long atMost = options.get(ConnectorOptions.INFERENCE_OBJECTS);
    return loaded()
        .inferSchema(store(), atMost)
        .orElseThrow(
            () ->
                new UserErrorException(
                    "Cannot infer the schema of %s: no data in the first %d of its %d objects. Give one with .schema(…)."
                        .formatted(input.name(), atMost, input.files().size())));
  }

  private SparkReads loaded() {
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
    SparkReads loaded = loaded();
    return loaded.scanBuilder(loaded.checked(schema()));
  }
}
