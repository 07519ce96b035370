// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.read.spi.ScalaMaps;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.execution.datasources.NoopCache$;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.execution.datasources.PartitionSpec;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.mutable.LinkedHashMap;

/**
 * The file index that Spark's scan builders need. It knows the columns of the keys, selects by
 * them, and compares its entries. Nothing is listed, because {@link ManifestScan} plans the
 * partitions.
 */
final class ManifestFileIndex extends PartitioningAwareFileIndex {
  private final List<ManifestEntry> files;
  private final KeyColumns keys;

  ManifestFileIndex(SparkSession session, List<ManifestEntry> files, KeyColumns keys) {
    super(session, ScalaMaps.of(Map.of()), Option.<StructType>empty(), NoopCache$.MODULE$);
    this.files = files;
    this.keys = keys;
  }

  /**
   * The objects whose key satisfies all of {@code filters}, in their order.
   *
   * @param filters on columns of the keys only
   */
  List<ManifestEntry> select(Seq<Expression> filters) {
    if (filters.isEmpty()) {
      return files;
    }
    Set<Path> chosen = new HashSet<>();
    Seq<PartitionDirectory> selected =
        listFiles(filters, JavaConverters.asScalaBuffer(List.<Expression>of()).toSeq());
    for (PartitionDirectory directory : JavaConverters.seqAsJavaList(selected)) {
      chosen.add(directory.files().head().getPath().getParent());
    }
    return keys.below(chosen, files);
  }

  @Override
  public PartitionSpec partitionSpec() {
    return keys.spec();
  }

  @Override
  public LinkedHashMap<Path, FileStatus> leafFiles() {
    throw notListed();
  }

  @Override
  public scala.collection.immutable.Map<Path, FileStatus[]> leafDirToChildrenFiles() {
    // Spark selects folders that have a file which is not empty.
    Map<Path, FileStatus[]> folders = new HashMap<>();
    for (Path folder : keys.folders()) {
      folders.put(
          folder, new FileStatus[] {new FileStatus(1, false, 1, 1, 0, new Path(folder, "o"))});
    }
    return ScalaMaps.of(folders);
  }

  @Override
  public Seq<FileStatus> allFiles() {
    throw notListed();
  }

  @Override
  public Seq<Path> rootPaths() {
    return JavaConverters.asScalaBuffer(List.<Path>of()).toSeq();
  }

  @Override
  public void refresh() {}

  @Override
  public boolean equals(Object other) {
    return other instanceof ManifestFileIndex index
        && files.equals(index.files)
        && partitionSchema().equals(index.partitionSchema());
  }

  @Override
  public int hashCode() {
    return files.hashCode();
  }

  private static IllegalStateException notListed() {
    return new IllegalStateException("objects are named by the manifest, never listed");
  }
}
