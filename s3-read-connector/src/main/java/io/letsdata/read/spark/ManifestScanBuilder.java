// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.options.SecretRule;
import io.letsdata.store.StoreSettings;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.execution.datasources.v2.FileScan;
import org.apache.spark.sql.execution.datasources.v2.FileScanBuilder;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/**
 * Lets Spark's builder for the format prune columns and push filters, and plans the partitions
 * itself. It is a FileScanBuilder because Spark pushes whole filters into no other type
 * (PushDownUtils, 3.5.9). It uses no code of the base class.
 */
final class ManifestScanBuilder extends FileScanBuilder {
  private final ReadPlan plan;
  private final StructType schema;
  private final ManifestFileIndex index;
  private final FileScanBuilder delegate;

  /**
   * @param schema of the rows before pruning
   * @param index of the objects of {@code plan}
   * @param delegate Spark's builder for the format
   */
  ManifestScanBuilder(
      ReadPlan plan, StructType schema, ManifestFileIndex index, FileScanBuilder delegate) {
    super(plan.session(), index, schema);
    this.plan = plan;
    this.schema = schema;
    this.index = index;
    this.delegate = delegate;
  }

  @Override
  public void pruneColumns(StructType requiredSchema) {
    delegate.pruneColumns(requiredSchema);
  }

  @Override
  public Seq<Expression> pushFilters(Seq<Expression> filters) {
    return delegate.pushFilters(filters);
  }

  @Override
  public Predicate[] pushedFilters() {
    return delegate.pushedFilters();
  }

  @Override
  public Scan build() {
    FileScan scan = (FileScan) delegate.build();
    return new ManifestScan(
        plan,
        index.select(scan.partitionFilters()),
        schema,
        plan.session().sessionState().conf().fileCompressionFactor(),
        new SparkDecoder(
            scan,
            plan.format().text(),
            List.of(delegate.pushedFilters()),
            plan.ignoredFiles(),
            plan.store()));
  }

  private record SparkDecoder(
      FileScan scan,
      String format,
      List<Predicate> pushed,
      IgnoredFiles ignored,
      StoreSettings store)
      implements ManifestScan.Decoder {
    @Override
    public StructType readSchema() {
      return scan.readSchema();
    }

    @Override
    public StructType keySchema() {
      return scan.readPartitionSchema();
    }

    @Override
    public String description() {
      return "format: %s, columns: %s, pushed filters: %s%s"
          .formatted(
              format,
              String.join(", ", readSchema().fieldNames()),
              pushed,
              ManifestScan.text(scan.partitionFilters()));
    }

    @Override
    public PartitionReaderFactory readerFactory() {
      return new ManifestReaderFactory(
          SparkFormat.readerFactory(scan, secrets()), format, ignored, store);
    }

    private SecretRule secrets() {
      SparkConf conf = scan.sparkSession().sparkContext().getConf();
      return SecretRule.of(Optional.ofNullable(conf.get(SecretRule.PATTERN_KEY, null)));
    }

    @Override
    public boolean filters() {
      return !pushed.isEmpty();
    }
  }
}
