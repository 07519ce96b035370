// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.options.Option;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.errors.ErrorOptions;
import io.letsdata.read.spi.ConnectorOptions;
import io.letsdata.read.spi.TableWriteSupport;
import io.letsdata.read.spi.WriteRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;

/**
 * The table of a write. Its output may exist or not. The {@link TableWriteSupport} on the class
 * path does the work.
 */
final class OutputTable implements SupportsWrite {
  private static final Set<TableCapability> CAPABILITIES =
      Set.of(
          TableCapability.BATCH_WRITE, TableCapability.TRUNCATE, TableCapability.ACCEPT_ANY_SCHEMA);

  private static final List<Option<? extends Optional<?>>> ONLY_FOR_READING =
      List.of(
          ConnectorOptions.MANIFEST,
          ConnectorOptions.MANIFEST_TEXT,
          ConnectorOptions.BUCKET,
          ConnectorOptions.OTHER_BUCKETS,
          ConnectorOptions.TYPE,
          ConnectorOptions.VERSION,
          ConnectorOptions.HOLD,
          ConnectorOptions.SPLIT_SIZE,
          ConnectorOptions.PACK_SIZE,
          ConnectorOptions.FILES_PER_TASK);

  private final TableWriteSupport support;
  private final WriteRequest request;
  private final StructType schema;

  private OutputTable(TableWriteSupport support, WriteRequest request, StructType schema) {
    this.support = support;
    this.request = request;
    this.schema = schema;
  }

  static OutputTable open(
      SparkSession session, StructType schema, SaveMode mode, Map<String, String> properties) {
    ConnectorOptions options = ConnectorOptions.of(properties);
    WriteRequest request =
        new WriteRequest(
            session,
            output(options),
            mode,
            options.get(ConnectorOptions.FORMAT),
            LetsDataS3Source.settings(session, options),
            options.rest());
    return new OutputTable(support(request), request, schema);
  }

  /** The output of the options. Refuses options that only a read can use. */
  static OutputLayout output(ConnectorOptions options) {
    for (Option<? extends Optional<?>> option : ONLY_FOR_READING) {
      if (options.get(option).isPresent()) {
        throw new UserErrorException(
            "Cannot write: option '" + option + "' is for reading. Remove it.");
      }
    }
    if (ErrorOptions.of(options.all()).isPresent()) {
      throw new UserErrorException(
          "Cannot write: option '" + ErrorOptions.PATH + "' is for reading. Remove it.");
    }
    return options
        .get(ConnectorOptions.PATH)
        .orElseThrow(
            () ->
                new UserErrorException(
                    "Cannot write: no output is named. Call save(\"s3://bucket/prefix\")."));
  }

  private static TableWriteSupport support(WriteRequest request) {
    List<TableWriteSupport> found =
        ServiceLoader.load(TableWriteSupport.class, TableWriteSupport.class.getClassLoader())
            .stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    if (found.size() != 1) {
      throw new IllegalStateException(
          "Cannot write %s: %s implementations of %s are on the class path. Put exactly one s3-write-connector there."
              .formatted(
                  request.output().output(), found.size(), TableWriteSupport.class.getName()));
    }
    return found.get(0);
  }

  @Override
  public String name() {
    return request.output().output();
  }

  @Override
  @SuppressWarnings("deprecation") // Table.columns() falls back to it
  public StructType schema() {
    return schema;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    return support.newWriteBuilder(request, info);
  }
}
