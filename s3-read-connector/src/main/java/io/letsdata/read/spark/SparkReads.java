// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.filesystem.StoreFileSystem;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.options.Internal;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * One read of one format: the way from the connector into Spark's internals. Immutable; lives on
 * the driver.
 *
 * @param name of the input, for messages and EXPLAIN
 * @param files one partition each
 * @param options of the format, checked
 */
@Internal
public record SparkReads(
    SparkSession session,
    ObjectFormat format,
    String name,
    List<ManifestEntry> files,
    Map<String, String> options,
    StoreSettings store) {

  /** Names of the options that {@code format} knows. */
  public static Set<String> optionNames(ObjectFormat format) {
    return format == ObjectFormat.WARC ? Set.of() : SparkFormat.optionNames(format);
  }

  /**
   * The schema that the user gave, if it can be read.
   *
   * @throws IllegalArgumentException naming the column that cannot
   */
  public StructType checked(StructType userSchema) {
    if (format == ObjectFormat.WARC) {
      return WarcScanBuilder.checked(userSchema);
    }
    FileFormat fileFormat = SparkFormat.fileFormat(format);
    for (StructField field : userSchema.fields()) {
      if (!fileFormat.supportDataType(field.dataType())
          || (format == ObjectFormat.TEXT && userSchema.length() > 1)) {
        throw new IllegalArgumentException(
            "Cannot read format %s with column %s %s. Leave the schema out, or choose another."
                .formatted(format.text(), field.name(), field.dataType().sql()));
      }
    }
    return userSchema.asNullable();
  }

  /**
   * The schema without the user's help. No request for text and warc, whose schema is fixed; else
   * see {@link SchemaInference}.
   *
   * @param atMost objects that may be looked at
   * @return empty when no object shows one
   */
  public Optional<StructType> inferSchema(ObjectStore objectStore, long atMost) throws IOException {
    return switch (format) {
      case WARC -> Optional.of(WarcColumn.schema());
      case TEXT -> Optional.of(new StructType().add("value", DataTypes.StringType));
      default ->
          new SchemaInference(format, session, objectStore, allOptions())
              .infer(files, atMost)
              .map(StructType::asNullable);
    };
  }

  /** Plans a scan; no request. */
  public ScanBuilder scanBuilder(StructType schema) {
    if (format == ObjectFormat.WARC) {
      return new WarcScanBuilder(files, schema, store);
    }
    ManifestFileIndex index = new ManifestFileIndex(session, files);
    CaseInsensitiveStringMap given = new CaseInsensitiveStringMap(allOptions());
    return new ManifestScanBuilder(
        files,
        schema,
        format.text(),
        session.sessionState().conf().fileCompressionFactor(),
        store,
        session,
        index,
        SparkFormat.scanBuilder(format, session, index, schema, given));
  }

  /**
   * Spark copies them into the Hadoop configuration that it broadcasts, which is where the file
   * system finds the store's.
   */
  private Map<String, String> allOptions() {
    Map<String, String> all = new HashMap<>(options);
    all.putAll(StoreFileSystem.properties(store));
    return all;
  }
}
