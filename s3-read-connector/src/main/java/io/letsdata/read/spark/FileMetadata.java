// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.rdd.InputFileBlockHolder;
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
 * The hidden column {@code _metadata} of Spark's own sources: from which object a row is. A scan
 * with it is not vectorised. Pure, except the reader.
 */
@Internal
public final class FileMetadata {
  private static final String NAME = "_metadata";

  /** As in Spark's FileFormat (3.5.9). A manifest states no times, so the last one is null. */
  private static final StructType FIELDS =
      new StructType()
          .add("file_path", DataTypes.StringType)
          .add("file_name", DataTypes.StringType)
          .add("file_size", DataTypes.LongType)
          .add("file_block_start", DataTypes.LongType)
          .add("file_block_length", DataTypes.LongType)
          .add("file_modification_time", DataTypes.TimestampType);

  private FileMetadata() {}

  /** For the table. */
  public static MetadataColumn[] columns() {
    return new MetadataColumn[] {
      new MetadataColumn() {
        @Override
        public String name() {
          return NAME;
        }

        @Override
        public DataType dataType() {
          return FIELDS;
        }
      }
    };
  }

  /**
   * The column as a scan asks for it, some fields perhaps left out.
   *
   * @param tableSchema a column of the data with that name is no metadata
   */
  static Optional<StructField> askedIn(StructType required, StructType tableSchema) {
    return Arrays.asList(tableSchema.fieldNames()).contains(NAME)
        ? Optional.empty()
        : Arrays.stream(required.fields()).filter(field -> field.name().equals(NAME)).findFirst();
  }

  /** The schema without {@code column}. */
  static StructType without(StructType schema, Optional<StructField> column) {
    return new StructType(
        Arrays.stream(schema.fields())
            .filter(field -> column.isEmpty() || !field.name().equals(NAME))
            .toArray(StructField[]::new));
  }

  /** Whether a filter needs the column; no decoder can evaluate such a one. */
  static boolean isNeededBy(Expression filter, StructType tableSchema) {
    return !Arrays.asList(tableSchema.fieldNames()).contains(NAME)
        && JavaConverters.seqAsJavaList(filter.references().toSeq()).stream()
            .anyMatch(attribute -> attribute.name().equals(NAME));
  }

  /** The decoder with {@code column} at the end of its rows. */
  static ManifestScan.Decoder appended(ManifestScan.Decoder decoder, Optional<StructField> column) {
    return column.isEmpty() ? decoder : new WithMetadata(decoder, column.get());
  }

  private record WithMetadata(ManifestScan.Decoder decoder, StructField column)
      implements ManifestScan.Decoder {
    @Override
    public StructType readSchema() {
      return decoder.readSchema().add(column);
    }

    @Override
    public StructType keySchema() {
      return decoder.keySchema();
    }

    @Override
    public String description() {
      return decoder.description() + ", " + NAME;
    }

    @Override
    public PartitionReaderFactory readerFactory() {
      return new Factory(decoder.readerFactory(), ((StructType) column.dataType()).fieldNames());
    }

    @Override
    public boolean filters() {
      return decoder.filters();
    }
  }

  /** It is serialized to the worker. */
  private static final class Factory implements PartitionReaderFactory {
    private static final long serialVersionUID = 1L;

    private final PartitionReaderFactory delegate;
    private final String[] fields;

    Factory(PartitionReaderFactory delegate, String[] fields) {
      this.delegate = delegate;
      this.fields = fields;
    }

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new Reader(delegate.createReader(partition), fields);
    }
  }

  private static final class Reader implements PartitionReader<InternalRow> {
    private final PartitionReader<InternalRow> rows;
    private final String[] fields;
    private final JoinedRow joined = new JoinedRow();
    private @Nullable InternalRow metadata;

    Reader(PartitionReader<InternalRow> rows, String[] fields) {
      this.rows = rows;
      this.fields = fields;
    }

    @Override
    public boolean next() throws IOException {
      return rows.next();
    }

    @Override
    public InternalRow get() {
      if (metadata == null) {
        metadata = new GenericInternalRow(new Object[] {new GenericInternalRow(values())});
      }
      return joined.apply(rows.get(), metadata);
    }

    /** Of the object that is open: the decoder has said where it is and how long. */
    private @Nullable Object[] values() {
      String path = InputFileBlockHolder.getInputFilePath().toString();
      long length = InputFileBlockHolder.getLength();
      @Nullable Object[] values = new @Nullable Object[fields.length];
      for (int i = 0; i < fields.length; i++) {
        values[i] =
            switch (fields[i]) {
              case "file_path" -> UTF8String.fromString(path);
              case "file_name" -> UTF8String.fromString(path.substring(path.lastIndexOf('/') + 1));
              case "file_size", "file_block_length" -> length < 0 ? null : length;
              case "file_block_start" -> 0L;
              default -> null;
            };
      }
      return values;
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
