// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.read.plan.Piece;
import io.letsdata.read.spark.task.ManifestInputPartition;
import io.letsdata.read.spark.task.ObjectSlice;
import io.letsdata.read.spark.task.PinnedPaths;
import io.letsdata.read.spark.task.ReadMetrics;
import io.letsdata.store.s3.SharedStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;

/**
 * Plans the tasks, in the order of the manifest, for every decoder: one an object, unless the user
 * wants others. Makes no request on the driver, except one HEAD for each object whose length must
 * be known to split it. Equal scans share exchanges.
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

    /** Whether it can begin within an object with this key, whose name shows a codec. */
    boolean isSplittable(String key);

    /** Whether it needs the place of an object in the manifest. */
    default boolean needsLines() {
      return false;
    }
  }

  private final ReadPlan plan;
  private final List<ManifestEntry> files;
  private final StructType fullSchema;
  private final double compressionFactor;
  private final Decoder decoder;
  private @Nullable List<ManifestEntry> measured;
  private @Nullable Map<String, Long> lines;

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
    return tasks().stream().map(this::partition).toArray(InputPartition[]::new);
  }

  private List<List<Piece>> tasks() {
    return plan.input()
        .sizes()
        .tasks(
            files(),
            file -> decoder.isSplittable(file.key()),
            plan.session().sessionState().conf().filesOpenCostInBytes(),
            file -> "");
  }

  /** The objects, with their lengths where objects are to be split. */
  private synchronized List<ManifestEntry> files() {
    if (measured == null) {
      measured =
          plan.input().sizes().splitBytes().isEmpty()
              ? files
              : PinnedPaths.measured(
                  SharedStores.get(plan.store()), files, file -> decoder.isSplittable(file.key()));
    }
    return measured;
  }

  private ManifestInputPartition partition(List<Piece> task) {
    List<ObjectSlice> slices = new ArrayList<>(task.size());
    for (Piece piece : task) {
      slices.add(
          ObjectSlice.of(
              piece,
              plan.keys().valuesOf(piece.file(), decoder.keySchema()),
              lines().getOrDefault(piece.file().location(), 0L)));
    }
    return new ManifestInputPartition(slices);
  }

  private synchronized Map<String, Long> lines() {
    if (lines == null) {
      lines = decoder.needsLines() ? plan.input().lines() : Map.of();
    }
    return lines;
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
