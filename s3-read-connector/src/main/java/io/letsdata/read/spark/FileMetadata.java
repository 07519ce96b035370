// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.options.Internal;
import io.letsdata.read.spark.task.ManifestPartitionReader;
import io.letsdata.read.spark.task.ObjectSlice;
import io.letsdata.read.spark.task.SlicesReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;

/**
 * The hidden columns of a read: from which object and which part of it a row is. {@code _metadata}
 * is that of Spark's own sources. A scan with one of them is not vectorised. Pure, except the
 * reader.
 */
@Internal
public final class FileMetadata {
  private static final String STRUCT = "_metadata";

  /** The place of the object in the manifest. */
  static final String LINE = "_manifest_line";

  /** As in Spark's FileFormat (3.5.9). A manifest states no times, so the last one is null. */
  private static final StructType FIELDS =
      new StructType()
          .add("file_path", DataTypes.StringType)
          .add("file_name", DataTypes.StringType)
          .add("file_size", DataTypes.LongType)
          .add("file_block_start", DataTypes.LongType)
          .add("file_block_length", DataTypes.LongType)
          .add("file_modification_time", DataTypes.TimestampType);

  private static final Map<String, DataType> TYPES = types();

  private FileMetadata() {}

  private static Map<String, DataType> types() {
    Map<String, DataType> types = new LinkedHashMap<>();
    types.put(STRUCT, FIELDS);
    types.put("_file", DataTypes.StringType);
    types.put("_offset", DataTypes.LongType);
    types.put("_length", DataTypes.LongType);
    types.put("_etag", DataTypes.StringType);
    types.put(LINE, DataTypes.LongType);
    return types;
  }

  /** For the table. */
  public static MetadataColumn[] columns() {
    return TYPES.entrySet().stream()
        .map(column -> new Column(column.getKey(), column.getValue()))
        .toArray(MetadataColumn[]::new);
  }

  private record Column(String name, DataType dataType) implements MetadataColumn {}

  private static boolean isMetadata(String name, StructType tableSchema) {
    return TYPES.containsKey(name) && !Arrays.asList(tableSchema.fieldNames()).contains(name);
  }

  /**
   * The columns as a scan asks for them, some fields of {@code _metadata} perhaps left out.
   *
   * @param tableSchema a column of the data with such a name is no metadata
   */
  static StructType askedIn(StructType required, StructType tableSchema) {
    return new StructType(
        Arrays.stream(required.fields())
            .filter(field -> isMetadata(field.name(), tableSchema))
            .toArray(StructField[]::new));
  }

  /** The schema without {@code columns}. */
  static StructType without(StructType schema, StructType columns) {
    List<String> names = Arrays.asList(columns.fieldNames());
    return new StructType(
        Arrays.stream(schema.fields())
            .filter(field -> !names.contains(field.name()))
            .toArray(StructField[]::new));
  }

  /** Whether a filter needs one of the columns; no decoder can evaluate such a one. */
  static boolean isNeededBy(Expression filter, StructType tableSchema) {
    return JavaConverters.seqAsJavaList(filter.references().toSeq()).stream()
        .anyMatch(attribute -> isMetadata(attribute.name(), tableSchema));
  }

  /** The decoder with {@code columns} at the end of its rows. */
  static ManifestScan.Decoder appended(ManifestScan.Decoder decoder, StructType columns) {
    return columns.isEmpty() ? decoder : new WithMetadata(decoder, columns);
  }

  private record WithMetadata(ManifestScan.Decoder decoder, StructType columns)
      implements ManifestScan.Decoder {
    @Override
    public StructType readSchema() {
      StructType schema = decoder.readSchema();
      for (StructField column : columns.fields()) {
        schema = schema.add(column);
      }
      return schema;
    }

    @Override
    public StructType keySchema() {
      return decoder.keySchema();
    }

    @Override
    public String description() {
      return decoder.description() + ", " + String.join(", ", columns.fieldNames());
    }

    @Override
    public PartitionReaderFactory readerFactory() {
      return new Factory(decoder.readerFactory(), columns);
    }

    @Override
    public boolean filters() {
      return decoder.filters();
    }

    @Override
    public boolean isSplittable(String key) {
      return decoder.isSplittable(key);
    }

    @Override
    public boolean needsLines() {
      return Arrays.asList(columns.fieldNames()).contains(LINE);
    }
  }

  /** It is serialized to the worker. */
  private static final class Factory implements PartitionReaderFactory {
    private static final long serialVersionUID = 1L;

    private final PartitionReaderFactory delegate;
    private final StructType columns;

    Factory(PartitionReaderFactory delegate, StructType columns) {
      this.delegate = delegate;
      this.columns = columns;
    }

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new Reader((SlicesReader<InternalRow>) delegate.createReader(partition), columns);
    }
  }

  private static final class Reader implements PartitionReader<InternalRow> {
    private final SlicesReader<InternalRow> rows;
    private final StructType columns;
    private final JoinedRow joined = new JoinedRow();
    private @Nullable ManifestPartitionReader<InternalRow> described;
    private InternalRow values = InternalRow.empty();

    Reader(SlicesReader<InternalRow> rows, StructType columns) {
      this.rows = rows;
      this.columns = columns;
    }

    @Override
    public boolean next() throws IOException {
      return rows.next();
    }

    @Override
    public InternalRow get() {
      ManifestPartitionReader<InternalRow> current = rows.current();
      if (described != current) {
        described = current;
        values = row(columns, current);
      }
      return joined.apply(rows.get(), values);
    }

    private static InternalRow row(StructType columns, ManifestPartitionReader<?> source) {
      List<@Nullable Object> values = new ArrayList<>();
      for (StructField column : columns.fields()) {
        values.add(
            column.dataType() instanceof StructType fields
                ? row(fields, source)
                : value(column.name(), source));
      }
      return new GenericInternalRow(values.toArray());
    }

    private static @Nullable Object value(String column, ManifestPartitionReader<?> source) {
      ObjectSlice slice = source.slice();
      String path = slice.location().toString();
      return switch (column) {
        case "file_path", "_file" -> UTF8String.fromString(path);
        case "file_name" -> UTF8String.fromString(path.substring(path.lastIndexOf('/') + 1));
        case "file_size" -> source.stat().lengthBytes();
        case "file_block_start", "_offset" -> slice.startByte();
        case "file_block_length", "_length" -> slice.bytesOf(source.stat().lengthBytes());
        case "_etag" -> UTF8String.fromString(source.stat().etag());
        case LINE -> slice.line();
        default -> null;
      };
    }

    @Override
    public CustomTaskMetric[] currentMetricsValues() {
      return rows.currentMetricsValues();
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }
}
