// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.options.SecretRule;
import io.letsdata.read.spark.task.IgnoredFiles;
import io.letsdata.store.StoreSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.execution.datasources.v2.FileScan;
import org.apache.spark.sql.execution.datasources.v2.FileScanBuilder;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Lets the builder for the format prune columns and push filters, and plans the partitions itself.
 * It is a FileScanBuilder because Spark pushes whole filters into no other type (PushDownUtils,
 * 3.5.9). It uses no code of the base class.
 */
final class ManifestScanBuilder extends FileScanBuilder {
  private final ReadPlan plan;
  private final StructType schema;
  private final ManifestFileIndex index;
  private final FileScanBuilder delegate;
  private StructType metadata = new StructType();

  /**
   * @param schema of the rows before pruning
   * @param index of the objects of {@code plan}
   * @param delegate Spark's builder for the format, or ours
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
    metadata = FileMetadata.askedIn(requiredSchema, schema);
    delegate.pruneColumns(FileMetadata.without(requiredSchema, metadata));
  }

  @Override
  public Seq<Expression> pushFilters(Seq<Expression> filters) {
    List<Expression> ofData = new ArrayList<>();
    List<Expression> rest = new ArrayList<>();
    for (Expression filter : JavaConverters.seqAsJavaList(filters)) {
      (FileMetadata.isNeededBy(filter, schema) ? rest : ofData).add(filter);
    }
    rest.addAll(
        JavaConverters.seqAsJavaList(
            delegate.pushFilters(JavaConverters.asScalaBuffer(ofData).toSeq())));
    return JavaConverters.asScalaBuffer(rest).toSeq();
  }

  @Override
  public Predicate[] pushedFilters() {
    return delegate.pushedFilters();
  }

  @Override
  public Scan build() {
    if (delegate instanceof WarcScanBuilder warc) {
      return scan(warc.partitionFilters(), 1.0, warc.decoder());
    }
    FileScan scan = (FileScan) delegate.build();
    return scan(
        scan.partitionFilters(),
        plan.session().sessionState().conf().fileCompressionFactor(),
        new SparkDecoder(
            scan,
            plan.format().text(),
            List.of(delegate.pushedFilters()),
            plan.ignoredFiles(),
            plan.store()));
  }

  private Scan scan(
      Seq<Expression> partitionFilters, double compressionFactor, ManifestScan.Decoder decoder) {
    return new ManifestScan(
        plan,
        index.select(partitionFilters),
        schema,
        compressionFactor,
        FileMetadata.appended(decoder, metadata));
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

    @Override
    public boolean isSplittable(String key) {
      return scan.isSplitable(new Path("/" + key.substring(key.lastIndexOf('/') + 1)));
    }
  }
}
