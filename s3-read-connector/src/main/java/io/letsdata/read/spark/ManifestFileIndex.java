// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.read.spi.ScalaMaps;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.NoopCache$;
import org.apache.spark.sql.execution.datasources.PartitionSpec;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.mutable.LinkedHashMap;

/**
 * The file index that Spark's scan builders need. It has no partition columns and compares its
 * entries. They never list with it, because {@link ManifestScan} plans the partitions.
 */
final class ManifestFileIndex extends PartitioningAwareFileIndex {
  private final List<ManifestEntry> files;

  ManifestFileIndex(SparkSession session, List<ManifestEntry> files) {
    super(session, ScalaMaps.of(Map.of()), Option.<StructType>empty(), NoopCache$.MODULE$);
    this.files = files;
  }

  @Override
  public PartitionSpec partitionSpec() {
    return PartitionSpec.emptySpec();
  }

  @Override
  public LinkedHashMap<Path, FileStatus> leafFiles() {
    throw notListed();
  }

  @Override
  public scala.collection.immutable.Map<Path, FileStatus[]> leafDirToChildrenFiles() {
    throw notListed();
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
    return other instanceof ManifestFileIndex index && files.equals(index.files);
  }

  @Override
  public int hashCode() {
    return files.hashCode();
  }

  private static IllegalStateException notListed() {
    return new IllegalStateException("objects are named by the manifest, never listed");
  }
}
