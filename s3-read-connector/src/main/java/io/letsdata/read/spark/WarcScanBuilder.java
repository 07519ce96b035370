// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.read.errors.ErrorDocument;
import io.letsdata.read.errors.TaskErrors;
import io.letsdata.read.spark.task.ErrorBudget;
import io.letsdata.read.spark.task.IgnoredFiles;
import io.letsdata.read.spark.task.ManifestPartitionReader;
import io.letsdata.read.spark.task.ObjectSlice;
import io.letsdata.read.spark.task.SlicesReader;
import io.letsdata.read.warc.ObjectStream;
import io.letsdata.read.warc.WarcOptions;
import io.letsdata.read.warc.WarcRecords;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.OrderedFilters;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.execution.datasources.v2.FileScanBuilder;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Plans a scan of the format warc: one row per record, with the required columns only. Its base
 * class keeps the required columns and takes out the filters on columns of the keys. Filters on
 * columns of the header are pushed, so that the block of a record that they remove is not loaded.
 */
final class WarcScanBuilder extends FileScanBuilder {
  private final ReadPlan plan;

  /**
   * @param schema of the rows before pruning
   * @param index of the objects of {@code plan}
   */
  WarcScanBuilder(ReadPlan plan, StructType schema, ManifestFileIndex index) {
    super(plan.session(), index, plan.keys().withoutKeyColumns(schema));
    this.plan = plan;
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
  public Filter[] pushDataFilters(Filter[] dataFilters) {
    return Arrays.stream(dataFilters).filter(WarcScanBuilder::isOnTheHeader).toArray(Filter[]::new);
  }

  private static boolean isOnTheHeader(Filter filter) {
    return Arrays.stream(filter.references())
        .allMatch(name -> WarcColumn.named(name).filter(WarcColumn::isComparable).isPresent());
  }

  /** The scan is made by {@link ManifestScanBuilder}. */
  @Override
  public Scan build() {
    throw new IllegalStateException("only its decoder is used");
  }

  ManifestScan.Decoder decoder() {
    return new WarcDecoder(
        readDataSchema(),
        readPartitionSchema(),
        List.of(pushedDataFilters()),
        partitionFilters(),
        plan.input().errors().isPresent()
            ? WarcOptions.of(plan.options()).droppingDamaged()
            : WarcOptions.of(plan.options()),
        plan);
  }

  /**
   * The decoder of records.
   *
   * @param recordSchema columns of records
   * @param keySchema columns of the keys; they follow those of the records
   * @param pushed filters on columns of the header
   */
  private record WarcDecoder(
      StructType recordSchema,
      StructType keySchema,
      List<Filter> pushed,
      Seq<Expression> partitionFilters,
      WarcOptions options,
      ReadPlan plan)
      implements ManifestScan.Decoder {
    @Override
    public boolean equals(Object other) {
      return other instanceof WarcDecoder decoder
          && recordSchema.equals(decoder.recordSchema)
          && keySchema.equals(decoder.keySchema)
          && pushed.equals(decoder.pushed)
          && partitionFilters.equals(decoder.partitionFilters)
          && options.equals(decoder.options)
          && plan.readsAs(decoder.plan);
    }

    @Override
    public int hashCode() {
      return 31 * recordSchema.hashCode() + pushed.hashCode();
    }

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
          + ", pushed filters: "
          + pushed
          + ManifestScan.text(partitionFilters);
    }

    @Override
    public PartitionReaderFactory readerFactory() {
      return new WarcReaderFactory(this);
    }

    @Override
    public boolean filters() {
      return !pushed.isEmpty();
    }

    /** Records that are gzip members are found within it; the records of ARC have no mark. */
    @Override
    public boolean isSplittable(String key) {
      String name = key.toLowerCase(Locale.ROOT);
      return name.endsWith(".gz") && !name.endsWith(".arc.gz");
    }
  }

  /** It is serialized to the worker. */
  private static final class WarcReaderFactory implements PartitionReaderFactory {
    private static final long serialVersionUID = 1L;
    private final ArrayList<WarcColumn> columns = new ArrayList<>();
    private final StructType recordSchema;
    private final StructType keySchema;
    private final ArrayList<Filter> pushed;
    private final WarcOptions options;
    private final IgnoredFiles ignored;
    private final StoreSettings store;
    private final @Nullable ErrorBudget errors;

    WarcReaderFactory(WarcDecoder decoder) {
      recordSchema = decoder.recordSchema();
      keySchema = decoder.keySchema();
      pushed = new ArrayList<>(decoder.pushed());
      options = decoder.options();
      ignored = decoder.plan().ignoredFiles();
      store = decoder.plan().store();
      errors = decoder.plan().newErrorBudget().orElse(null);
      for (String column : recordSchema.fieldNames()) {
        columns.add(WarcColumn.named(column).orElseThrow());
      }
    }

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      TaskErrors ofTask = SlicesReader.errors(errors, partition);
      return new SlicesReader<>(
          partition,
          ofTask,
          slice ->
              new ManifestPartitionReader<>(
                  slice, "warc", ignored, ofTask, () -> open(slice, ofTask)));
    }

    private ManifestPartitionReader.Opened<InternalRow> open(ObjectSlice slice, TaskErrors ofTask)
        throws IOException {
      ObjectStream bytes =
          new ObjectStream(
              SharedStores.get(store),
              slice.location(),
              slice.etag(),
              slice.startByte(),
              slice.endByte());
      WarcRecords records;
      try {
        records =
            slice.isWhole()
                ? new WarcRecords(bytes, options)
                : new WarcRecords(bytes, options, slice.startByte(), slice.endByte());
      } catch (IOException | RuntimeException e) {
        bytes.close();
        throw e;
      }
      ObjectStat stat = bytes.stat().orElseThrow();
      if (ofTask.areWanted()) {
        records.onLeftOut(
            (start, end, type, damage) -> {
              long known = end < 0 ? stat.lengthBytes() : end;
              ofTask.add(
                  new ErrorDocument(
                      slice.location().toString(),
                      Optional.of(stat.etag()),
                      OptionalLong.of(start),
                      end < 0 && damage.isFramed() ? OptionalLong.empty() : OptionalLong.of(known),
                      type.orElse("record"),
                      String.valueOf(damage.getMessage()),
                      ofTask.bytes(slice.location(), Optional.of(stat.etag()), start, known)));
            });
      }
      return new ManifestPartitionReader.Opened<>(
          new WarcPartitionReader(
              slice.location(),
              records,
              columns,
              new OrderedFilters(JavaConverters.asScalaBuffer(pushed).toSeq(), recordSchema),
              slice.keyValues().toSeq(keySchema),
              options),
          stat);
    }
  }
}
