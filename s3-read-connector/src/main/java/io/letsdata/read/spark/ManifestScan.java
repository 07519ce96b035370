// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportPartitioning;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.partitioning.Partitioning;
import org.apache.spark.sql.connector.read.partitioning.UnknownPartitioning;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/**
 * Plans exactly one partition per object, in the order of the manifest, for every decoder. Makes no
 * request on the driver. Equal scans share exchanges.
 */
final class ManifestScan
    implements Scan, Batch, SupportsReportStatistics, SupportsReportPartitioning {

  /** The decoder of the objects; equal decoders return equal rows. */
  interface Decoder {
    StructType readSchema();

    /** The columns of {@link #readSchema} whose values are in the keys. */
    StructType keySchema();

    /** For EXPLAIN. */
    String description();

    PartitionReaderFactory readerFactory();

    boolean filters();
  }

  private final ReadPlan plan;
  private final List<ManifestEntry> files;
  private final StructType fullSchema;
  private final double compressionFactor;
  private final Decoder decoder;

  /**
   * @param files of {@code plan}, those that are read
   * @param fullSchema schema before pruning, to estimate the share of the columns that are read
   * @param compressionFactor decoded bytes per stored byte, Spark's {@code
   *     spark.sql.sources.fileCompressionFactor}
   */
  ManifestScan(
      ReadPlan plan,
      List<ManifestEntry> files,
      StructType fullSchema,
      double compressionFactor,
      Decoder decoder) {
    this.plan = plan;
    this.files = files;
    this.fullSchema = fullSchema;
    this.compressionFactor = compressionFactor;
    this.decoder = decoder;
  }

  /** Filters on columns of the keys, for a description; empty when there are none. */
  static String text(Seq<Expression> partitionFilters) {
    return partitionFilters.isEmpty()
        ? ""
        : ", partition filters: " + partitionFilters.mkString("[", ", ", "]");
  }

  @Override
  public StructType readSchema() {
    return decoder.readSchema();
  }

  @Override
  public String description() {
    String pruned = files.size() < plan.files().size() ? " of " + plan.files().size() : "";
    return "objects: %s%s, %s".formatted(files.size(), pruned, decoder.description());
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    return files.stream()
        .map(
            file ->
                ManifestInputPartition.of(file, plan.keys().valuesOf(file, decoder.keySchema())))
        .toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return decoder.readerFactory();
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return ReadMetrics.all();
  }

  @Override
  public Partitioning outputPartitioning() {
    return new UnknownPartitioning(files.size());
  }

  @Override
  public Statistics estimateStatistics() {
    OptionalLong bytes = estimatedBytes();
    OptionalLong rows = decoder.filters() ? OptionalLong.empty() : ManifestEntry.totalRows(files);
    return new Statistics() {
      @Override
      public OptionalLong sizeInBytes() {
        return bytes;
      }

      @Override
      public OptionalLong numRows() {
        return rows;
      }
    };
  }

  /**
   * The estimate of Spark's FileScan: stored bytes, multiplied by the share of the columns that are
   * read.
   */
  private OptionalLong estimatedBytes() {
    OptionalLong stored = ManifestEntry.totalBytes(files);
    if (stored.isEmpty()) {
      return stored;
    }
    double share = (double) readSchema().defaultSize() / Math.max(1, fullSchema.defaultSize());
    return OptionalLong.of((long) (compressionFactor * share * stored.getAsLong()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ManifestScan scan
        && files.equals(scan.files)
        && decoder.equals(scan.decoder);
  }

  @Override
  public int hashCode() {
    return 31 * files.hashCode() + readSchema().hashCode();
  }
}
