// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.read.plan.Piece;
import io.letsdata.read.spark.stats.ObjectFilter;
import io.letsdata.read.spark.task.ManifestInputPartition;
import io.letsdata.read.spark.task.ObjectSlice;
import io.letsdata.read.spark.task.PinnedPaths;
import io.letsdata.read.spark.task.ReadMetrics;
import io.letsdata.store.s3.SharedStores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportPartitioning;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.SupportsRuntimeV2Filtering;
import org.apache.spark.sql.connector.read.colstats.ColumnStatistics;
import org.apache.spark.sql.connector.read.partitioning.KeyGroupedPartitioning;
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
    implements Scan,
        Batch,
        SupportsReportStatistics,
        SupportsReportPartitioning,
        SupportsRuntimeV2Filtering {

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

  private static final StructType NO_COLUMN = new StructType();

  private final ReadPlan plan;
  private final ScanSelection selection;
  private final StructType fullSchema;
  private final double compressionFactor;
  private final Decoder decoder;

  /** The objects that are read: those of the selection that runtime filters leave. */
  private volatile List<ManifestEntry> files;

  private @Nullable List<ManifestEntry> measured;
  private @Nullable Map<String, Long> lines;

  /**
   * @param selection of the objects of {@code plan}
   * @param fullSchema schema before pruning, to estimate the share of the columns that are read
   * @param compressionFactor decoded bytes per stored byte, Spark's {@code
   *     spark.sql.sources.fileCompressionFactor}
   */
  ManifestScan(
      ReadPlan plan,
      ScanSelection selection,
      StructType fullSchema,
      double compressionFactor,
      Decoder decoder) {
    this.plan = plan;
    this.selection = selection;
    this.files = selection.files();
    this.fullSchema = fullSchema;
    this.compressionFactor = compressionFactor;
    this.decoder = decoder;
  }

  /** Filters on columns of the keys, for a description; empty when there are none. */
  static String text(Seq<org.apache.spark.sql.catalyst.expressions.Expression> partitionFilters) {
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
    int chosen = selection.files().size();
    String pruned = chosen < plan.files().size() ? " of " + plan.files().size() : "";
    String byStatistics =
        selection.withoutMatch() == 0
            ? ""
            : " (%s left out by statistics)".formatted(selection.withoutMatch());
    String limit = selection.limit().isEmpty() ? "" : ", limit: " + selection.limit().getAsLong();
    return "objects: %s%s%s, %s%s"
        .formatted(chosen, pruned, byStatistics, decoder.description(), limit);
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    List<List<Piece>> tasks = tasks();
    InputPartition[] partitions = new InputPartition[tasks.size()];
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = partition(i, tasks.get(i));
    }
    return partitions;
  }

  private List<List<Piece>> tasks() {
    return plan.input()
        .sizes()
        .tasks(
            files(),
            file -> decoder.isSplittable(file.key()),
            plan.session().sessionState().conf().filesOpenCostInBytes(),
            this::group);
  }

  /** With Spark's joins by partition, a task reads objects of one value of the keys only. */
  private Object group(ManifestEntry file) {
    return isGrouped() ? plan.keys().valuesOf(file, decoder.keySchema()) : "";
  }

  private boolean isGrouped() {
    return !decoder.keySchema().isEmpty()
        && plan.session().sessionState().conf().v2BucketingEnabled();
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

  private ManifestInputPartition partition(int number, List<Piece> task) {
    List<ObjectSlice> slices = new ArrayList<>(task.size());
    for (Piece piece : task) {
      slices.add(
          ObjectSlice.of(
              piece,
              plan.keys().valuesOf(piece.file(), decoder.keySchema()),
              lines().getOrDefault(piece.file().location(), 0L)));
    }
    return new ManifestInputPartition(
        number,
        slices,
        plan.keys().valuesOf(task.get(0).file(), isGrouped() ? decoder.keySchema() : NO_COLUMN),
        selection.limit());
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

  /** By the values of the keys, so that Spark joins two such scans without a shuffle. */
  @Override
  public Partitioning outputPartitioning() {
    if (!isGrouped()) {
      return new UnknownPartitioning(files.size());
    }
    Expression[] keys =
        Arrays.stream(decoder.keySchema().fieldNames())
            .map(Expressions::identity)
            .toArray(Expression[]::new);
    return new KeyGroupedPartitioning(keys, files.size());
  }

  /** The columns of the keys, and those of which the manifest has statistics. */
  @Override
  public NamedReference[] filterAttributes() {
    return Arrays.stream(readSchema().fieldNames())
        .filter(
            name ->
                plan.keys().column(name).isPresent()
                    || files.stream().anyMatch(file -> file.stats().containsKey(name)))
        .map(Expressions::column)
        .toArray(NamedReference[]::new);
  }

  /** Leaves out the objects that have none of the values of a join's other side. */
  @Override
  public synchronized void filter(Predicate[] predicates) {
    List<ManifestEntry> left = files;
    for (Predicate predicate : predicates) {
      Expression[] operands = predicate.children();
      if (predicate.name().equals("IN")
          && operands.length > 0
          && operands[0] instanceof NamedReference column
          && column.fieldNames().length == 1) {
        List<Object> values = new ArrayList<>();
        for (int i = 1; i < operands.length; i++) {
          if (operands[i] instanceof Literal<?> literal && literal.value() != null) {
            values.add(literal.value());
          }
        }
        String name = column.fieldNames()[0];
        left = left.stream().filter(file -> mayHave(file, name, values)).toList();
      }
    }
    files = left;
    measured = null;
  }

  private boolean mayHave(ManifestEntry file, String column, List<Object> values) {
    return plan.facts()
        .of(file)
        .column(column)
        .map(facts -> values.stream().anyMatch(value -> ObjectFilter.mayHave(facts, value)))
        .orElse(true);
  }

  /** How many objects are left out, for the SQL tab. */
  @Override
  public CustomTaskMetric[] reportDriverMetrics() {
    return new CustomTaskMetric[] {
      ReadMetrics.value(ReadMetrics.PRUNED, plan.files().size() - files.size())
    };
  }

  @Override
  public Statistics estimateStatistics() {
    List<ManifestEntry> chosen = selection.files();
    OptionalLong bytes = estimatedBytes(chosen);
    OptionalLong rows = decoder.filters() ? OptionalLong.empty() : ManifestEntry.totalRows(chosen);
    return new Statistics() {
      @Override
      public OptionalLong sizeInBytes() {
        return bytes;
      }

      @Override
      public OptionalLong numRows() {
        return rows;
      }

      @Override
      public Map<NamedReference, ColumnStatistics> columnStats() {
        return ScanStatistics.of(plan.facts(), chosen, readSchema());
      }
    };
  }

  /**
   * The estimate of Spark's FileScan: stored bytes, multiplied by the share of the columns that are
   * read.
   */
  private OptionalLong estimatedBytes(List<ManifestEntry> files) {
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
        && selection.equals(scan.selection)
        && plan.input().sizes().equals(scan.plan.input().sizes())
        && decoder.equals(scan.decoder);
  }

  @Override
  public int hashCode() {
    return 31 * selection.hashCode() + readSchema().hashCode();
  }
}
