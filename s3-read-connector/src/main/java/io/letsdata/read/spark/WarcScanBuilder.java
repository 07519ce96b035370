// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

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
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.execution.datasources.v2.FileScanBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;

/**
 * Plans a scan of the format warc: one row per record, with the required columns only. Its base
 * class keeps the required columns and takes out the filters on columns of the keys.
 */
final class WarcScanBuilder extends FileScanBuilder {
  private static final int HEAD_BYTES = 64;

  private final ReadPlan plan;
  private final StructType schema;
  private final ManifestFileIndex index;

  /**
   * @param schema of the rows before pruning
   * @param index of the objects of {@code plan}
   */
  WarcScanBuilder(ReadPlan plan, StructType schema, ManifestFileIndex index) {
    super(plan.session(), index, plan.keys().withoutKeyColumns(schema));
    this.plan = plan;
    this.schema = schema;
    this.index = index;
    pruneColumns(schema);
  }

  /**
   * Checks that the columns are columns of {@link WarcColumn} with the same types.
   *
   * @param ofObjects the user's schema without the columns of the keys
   * @throws IllegalArgumentException with the first column that is not
   */
  static void check(StructType ofObjects) {
    for (StructField field : ofObjects.fields()) {
      Optional<WarcColumn> column = WarcColumn.named(field.name());
      if (column.isEmpty() || !column.get().type().sameType(field.dataType())) {
        throw new IllegalArgumentException(
            "Cannot read format warc with column %s %s: its columns are %s. Leave the schema out."
                .formatted(field.name(), field.dataType().sql(), WarcColumn.schema().toDDL()));
      }
    }
  }

  @Override
  public Scan build() {
    WarcDecoder decoder =
        new WarcDecoder(readDataSchema(), readPartitionSchema(), partitionFilters(), plan.store());
    return new ManifestScan(plan, index.select(partitionFilters()), schema, 1.0, decoder);
  }

  /**
   * The decoder of records.
   *
   * @param recordSchema columns of records
   * @param keySchema columns of the keys; they follow those of the records
   */
  private record WarcDecoder(
      StructType recordSchema,
      StructType keySchema,
      Seq<Expression> partitionFilters,
      StoreSettings store)
      implements ManifestScan.Decoder {
    @Override
    public StructType readSchema() {
      StructType schema = recordSchema;
      for (StructField column : keySchema.fields()) {
        schema = schema.add(column);
      }
      return schema;
    }

    @Override
    public String description() {
      return "format: warc, columns: "
          + String.join(", ", readSchema().fieldNames())
          + ManifestScan.text(partitionFilters);
    }

    @Override
    public PartitionReaderFactory readerFactory() {
      return new WarcReaderFactory(List.of(recordSchema.fieldNames()), keySchema, store);
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
    private final StructType keySchema;
    private final StoreSettings store;

    WarcReaderFactory(List<String> columnNames, StructType keySchema, StoreSettings store) {
      columnNames.forEach(column -> columns.add(WarcColumn.named(column).orElseThrow()));
      this.keySchema = keySchema;
      this.store = store;
    }

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      ManifestInputPartition object = (ManifestInputPartition) partition;
      return new ManifestPartitionReader<>(
          object,
          "warc",
          () ->
              new WarcPartitionReader(
                  records(object), columns, object.keyValues().toSeq(keySchema)));
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
    private final Seq<Object> keyValues;
    private byte @Nullable [] block;
    private @Nullable InternalRow row;

    WarcPartitionReader(WarcRecords records, List<WarcColumn> columns, Seq<Object> keyValues) {
      this.records = records;
      this.columns = columns;
      this.keyValues = keyValues;
    }

    @Override
    public boolean next() throws IOException {
      block = null;
      if (!records.next()) {
        return false;
      }
      @Nullable Object[] values = new @Nullable Object[columns.size() + keyValues.size()];
      for (int i = 0; i < columns.size(); i++) {
        values[i] = columns.get(i).value(records, this);
      }
      for (int i = 0; i < keyValues.size(); i++) {
        values[columns.size() + i] = keyValues.apply(i);
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
