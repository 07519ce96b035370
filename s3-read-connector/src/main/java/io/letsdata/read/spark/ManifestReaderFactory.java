// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.read.errors.TaskErrors;
import io.letsdata.read.spark.task.ErrorBudget;
import io.letsdata.read.spark.task.IgnoredFiles;
import io.letsdata.read.spark.task.ManifestPartitionReader;
import io.letsdata.read.spark.task.ObjectSlice;
import io.letsdata.read.spark.task.PinnedPaths;
import io.letsdata.read.spark.task.SlicesReader;
import io.letsdata.read.spi.ScalaMaps;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.v2.FilePartitionReaderFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;

/**
 * Opens objects with Spark's reader for the format, over the store's file system. It is serialized
 * to the worker.
 *
 * <p>An object of unknown length or etag costs one HEAD on the worker, which pins it: the decoders
 * need the length several times, may open the object several times, and must read one version.
 */
final class ManifestReaderFactory implements PartitionReaderFactory {
  private static final long serialVersionUID = 1L;

  private final FilePartitionReaderFactory delegate;
  private final String format;
  private final IgnoredFiles ignored;
  private final StoreSettings store;
  private final @Nullable ErrorBudget errors;
  private final StructType withRecords;

  /**
   * @param errors where bad records and objects are written; null: an error ends the read
   * @param withRecords schema of {@code delegate}'s rows when they have the column of {@link
   *     CorruptRecords}; else empty
   */
  ManifestReaderFactory(
      FilePartitionReaderFactory delegate,
      String format,
      IgnoredFiles ignored,
      StoreSettings store,
      @Nullable ErrorBudget errors,
      StructType withRecords) {
    this.delegate = delegate;
    this.format = format;
    this.ignored = ignored;
    this.store = store;
    this.errors = errors;
    this.withRecords = withRecords;
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    TaskErrors ofTask = SlicesReader.errors(errors, partition);
    return reader(
        partition,
        ofTask,
        (slice, stat) -> {
          PartitionReader<InternalRow> rows = delegate.buildReader(file(slice, stat));
          return withRecords.isEmpty()
              ? rows
              : new CorruptRecords(rows, withRecords, slice, stat, ofTask);
        });
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    return reader(
        partition,
        SlicesReader.errors(errors, partition),
        (slice, stat) -> delegate.buildColumnarReader(file(slice, stat)));
  }

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return delegate.supportColumnarReads(partition);
  }

  private <T> PartitionReader<T> reader(
      InputPartition partition,
      TaskErrors ofTask,
      BiFunction<ObjectSlice, ObjectStat, PartitionReader<T>> opener) {
    return new SlicesReader<>(
        partition,
        ofTask,
        slice ->
            new ManifestPartitionReader<>(
                slice, format, ignored, ofTask, () -> open(slice, opener)));
  }

  private <T> ManifestPartitionReader.Opened<T> open(
      ObjectSlice slice, BiFunction<ObjectSlice, ObjectStat, PartitionReader<T>> opener)
      throws IOException {
    ObjectStat stat = PinnedPaths.stat(SharedStores.get(store), slice);
    // As Spark's own file index does: no decoder gets an empty object, which Parquet refuses.
    return new ManifestPartitionReader.Opened<>(
        stat.lengthBytes() == 0 ? new EmptyReader<>() : opener.apply(slice, stat), stat);
  }

  private static PartitionedFile file(ObjectSlice slice, ObjectStat stat) {
    return new PartitionedFile(
        slice.keyValues(),
        SparkPath.fromPath(PinnedPaths.path(slice.location(), stat)),
        slice.startByte(),
        slice.bytesOf(stat.lengthBytes()),
        new String[0],
        0,
        stat.lengthBytes(),
        ScalaMaps.of(Map.of()));
  }

  private static final class EmptyReader<T> implements PartitionReader<T> {
    @Override
    public boolean next() {
      return false;
    }

    @Override
    public T get() {
      throw new IllegalStateException("there are no rows");
    }

    @Override
    public void close() {}
  }
}
