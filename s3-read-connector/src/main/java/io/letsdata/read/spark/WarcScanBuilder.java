// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.read.warc.ObjectStream;
import io.letsdata.read.warc.WarcRecords;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Plans a scan of the format warc: one row per record, with the required columns only. */
final class WarcScanBuilder implements SupportsPushDownRequiredColumns {
  private static final int HEAD_BYTES = 64;

  private final List<ManifestEntry> files;
  private final StructType schema;
  private final StoreSettings store;
  private StructType required;

  WarcScanBuilder(List<ManifestEntry> files, StructType schema, StoreSettings store) {
    this.files = files;
    this.schema = schema;
    this.store = store;
    this.required = schema;
  }

  /**
   * The user's schema as nullable; its columns must be columns of {@link WarcColumn} with the same
   * types.
   *
   * @throws IllegalArgumentException with the first column that is not
   */
  static StructType checked(StructType userSchema) {
    for (StructField field : userSchema.fields()) {
      Optional<WarcColumn> column = WarcColumn.named(field.name());
      if (column.isEmpty() || !column.get().type().sameType(field.dataType())) {
        throw new IllegalArgumentException(
            "Cannot read format warc with column %s %s: its columns are %s. Leave the schema out."
                .formatted(field.name(), field.dataType().sql(), WarcColumn.schema().toDDL()));
      }
    }
    return userSchema.asNullable();
  }

  @Override
  public void pruneColumns(StructType requiredSchema) {
    required = requiredSchema;
  }

  @Override
  public Scan build() {
    return new ManifestScan(files, schema, 1.0, new WarcDecoder(required, store));
  }

  private record WarcDecoder(StructType readSchema, StoreSettings store)
      implements ManifestScan.Decoder {
    @Override
    public String description() {
      return "format: warc, columns: " + String.join(", ", readSchema.fieldNames());
    }

    @Override
    public PartitionReaderFactory readerFactory() {
      return new WarcReaderFactory(List.of(readSchema.fieldNames()), store);
    }

    @Override
    public boolean filters() {
      return false;
    }
  }

  /** It is serialized to the worker. */
  private static final class WarcReaderFactory implements PartitionReaderFactory {
    private static final long serialVersionUID = 1L;
    private final ArrayList<WarcColumn> columns = new ArrayList<>();
    private final StoreSettings store;

    WarcReaderFactory(List<String> columnNames, StoreSettings store) {
      columnNames.forEach(column -> columns.add(WarcColumn.named(column).orElseThrow()));
      this.store = store;
    }

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      ManifestInputPartition object = (ManifestInputPartition) partition;
      return new ManifestPartitionReader<>(
          object, "warc", () -> new WarcPartitionReader(records(object), columns));
    }

    private WarcRecords records(ManifestInputPartition object) throws IOException {
      return new WarcRecords(
          new ObjectStream(SharedStores.get(store), object.location(), object.etag()));
    }
  }

  private static final class WarcPartitionReader
      implements PartitionReader<InternalRow>, WarcColumn.Content {
    private final WarcRecords records;
    private final List<WarcColumn> columns;
    private byte @Nullable [] block;
    private @Nullable InternalRow row;

    WarcPartitionReader(WarcRecords records, List<WarcColumn> columns) {
      this.records = records;
      this.columns = columns;
    }

    @Override
    public boolean next() throws IOException {
      block = null;
      if (!records.next()) {
        return false;
      }
      @Nullable Object[] values = new @Nullable Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = columns.get(i).value(records, this);
      }
      row = new GenericInternalRow(values);
      return true;
    }

    @Override
    public InternalRow get() {
      if (row == null) {
        throw new IllegalStateException("get before next");
      }
      return row;
    }

    @Override
    public byte[] head() throws IOException {
      return block == null
          ? records.peek(HEAD_BYTES)
          : Arrays.copyOf(block, Math.min(HEAD_BYTES, block.length));
    }

    @Override
    public byte[] bytes() throws IOException {
      if (block == null) {
        block = records.content();
      }
      return block;
    }

    @Override
    public void close() throws IOException {
      records.close();
    }
  }
}
