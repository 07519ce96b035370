// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.read.errors.ErrorDocument;
import io.letsdata.read.errors.TaskErrors;
import io.letsdata.read.spark.task.ObjectSlice;
import io.letsdata.store.ObjectStat;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.ProjectingInternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * Takes bad records out of the rows of Spark's decoders of json and csv. In the mode permissive
 * they give such a record as the text of a column; here it becomes a document. All columns are
 * read, so that a record is bad or not whatever a query selects. Not thread-safe.
 */
final class CorruptRecords implements PartitionReader<InternalRow> {
  private static final String COLUMN = "_letsdata_bad_record";

  /** Options of Spark's decoder. */
  static final Map<String, String> OPTIONS =
      Map.of("mode", "PERMISSIVE", "columnNameOfCorruptRecord", COLUMN, "columnPruning", "false");

  private final PartitionReader<InternalRow> rows;
  private final int ordinal;
  private final ProjectingInternalRow rest;
  private final ObjectSlice slice;
  private final ObjectStat stat;
  private final TaskErrors errors;

  /**
   * @param schema of {@code rows}, which has the column
   */
  CorruptRecords(
      PartitionReader<InternalRow> rows,
      StructType schema,
      ObjectSlice slice,
      ObjectStat stat,
      TaskErrors errors) {
    this.rows = rows;
    this.ordinal = schema.fieldIndex(COLUMN);
    this.rest =
        new ProjectingInternalRow(
            removed(schema),
            JavaConverters.asScalaBuffer(
                    IntStream.range(0, schema.length())
                        .filter(i -> i != ordinal)
                        .mapToObj(i -> (Object) i)
                        .toList())
                .toIndexedSeq());
    this.slice = slice;
    this.stat = stat;
    this.errors = errors;
  }

  /** The schema with the column at its end. */
  static StructType added(StructType schema) {
    return schema.add(COLUMN, DataTypes.StringType, true);
  }

  /** The schema without the column. */
  static StructType removed(StructType schema) {
    return new StructType(
        Arrays.stream(schema.fields())
            .filter(field -> !field.name().equals(COLUMN))
            .toArray(StructField[]::new));
  }

  @Override
  public boolean next() throws IOException {
    while (rows.next()) {
      InternalRow row = rows.get();
      if (row.isNullAt(ordinal)) {
        rest.project(row);
        return true;
      }
      byte[] record = row.getUTF8String(ordinal).getBytes();
      errors.add(
          new ErrorDocument(
              slice.location().toString(),
              Optional.of(stat.etag()),
              OptionalLong.empty(),
              OptionalLong.empty(),
              "record",
              "the record is malformed, or a value is not of its column's type",
              cut(record)));
    }
    return false;
  }

  /** A character is not cut in two, so that text stays text. */
  private byte[] cut(byte[] record) {
    int length = Math.min(record.length, errors.recordBytes());
    while (length > 0 && length < record.length && (record[length] & 0xc0) == 0x80) {
      length--;
    }
    return length == record.length ? record : new String(record, 0, length, UTF_8).getBytes(UTF_8);
  }

  @Override
  public InternalRow get() {
    return rest;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
