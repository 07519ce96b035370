package io.letsdata.read;

import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The objects of one manifest as a table. */
final class InputTable implements SupportsRead {
  private final StructType schema;

  private InputTable(StructType schema) {
    this.schema = schema;
  }

  static InputTable open(SparkSession session, Map<String, String> properties) {
    return withSchema(session, properties, new StructType());
  }

  static InputTable withSchema(
      SparkSession session, Map<String, String> properties, StructType schema) {
    return new InputTable(schema);
  }

  @Override
  public String name() {
    return "letsdata-s3";
  }

  @Override
  @SuppressWarnings("deprecation") // Table.columns() falls back to it
  public StructType schema() {
    return schema;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    throw new UnsupportedOperationException("reading is not yet built: " + options);
  }
}
