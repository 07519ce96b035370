package io.letsdata.read.spark;

import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.SharedStores;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.InternalRow$;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.v2.FilePartitionReaderFactory;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Opens objects with Spark's reader for the format, over the store's file system. Travels to the
 * worker.
 *
 * <p>An object of unknown length or etag costs one HEAD, here on the worker, and is pinned by it:
 * the decoders ask for the length several times and may open the object several times, and must see
 * one version.
 */
final class DelegateReaderFactory implements PartitionReaderFactory {
  private static final long serialVersionUID = 1L;

  private final FilePartitionReaderFactory delegate;
  private final String format;
  private final HashMap<String, String> store;

  DelegateReaderFactory(
      FilePartitionReaderFactory delegate, String format, Map<String, String> store) {
    this.delegate = delegate;
    this.format = format;
    this.store = new HashMap<>(store);
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    ObjectPartition object = (ObjectPartition) partition;
    return new ObjectReader<>(object, format, () -> delegate.buildReader(file(object)));
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    ObjectPartition object = (ObjectPartition) partition;
    return new ObjectReader<>(object, format, () -> delegate.buildColumnarReader(file(object)));
  }

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return delegate.supportColumnarReads(partition);
  }

  private PartitionedFile file(ObjectPartition object) throws IOException {
    ObjectLocation location = ObjectLocation.parse(object.location());
    StoreSettings settings = StoreSettings.from(key -> Optional.ofNullable(store.get(key)));
    ObjectStat stat = PinnedPaths.stat(SharedStores.get(settings), object);
    Path path = PinnedPaths.path(location, stat);
    return new PartitionedFile(
        InternalRow$.MODULE$.empty(),
        SparkPath.fromPath(path),
        0,
        stat.lengthBytes(),
        new String[0],
        0,
        stat.lengthBytes(),
        ScalaMaps.of(Map.of()));
  }
}
