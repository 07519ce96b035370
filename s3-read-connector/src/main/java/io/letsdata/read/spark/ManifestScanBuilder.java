// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.options.SecretRule;
import io.letsdata.read.spark.stats.ManifestAggregate;
import io.letsdata.read.spark.stats.ObjectFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.execution.datasources.DataSourceStrategy$;
import org.apache.spark.sql.execution.datasources.v2.FileScan;
import org.apache.spark.sql.execution.datasources.v2.FileScanBuilder;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Lets the builder for the format prune columns and push filters, and plans the partitions itself.
 * It is a FileScanBuilder because Spark pushes whole filters into no other type (PushDownUtils,
 * 3.5.9). It uses no code of the base class.
 */
final class ManifestScanBuilder extends FileScanBuilder
    implements SupportsPushDownAggregates, SupportsPushDownLimit {
  private final ReadPlan plan;
  private final StructType schema;
  private final ManifestFileIndex index;
  private final FileScanBuilder delegate;
  private final List<Filter> onData = new ArrayList<>();
  private StructType metadata = new StructType();
  private Optional<ManifestAggregate> aggregate = Optional.empty();
  private boolean aggregatesInTasks;
  private OptionalLong limit = OptionalLong.empty();

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
    if (!plan.capturesRecords()) {
      delegate.pruneColumns(FileMetadata.without(requiredSchema, metadata));
    }
  }

  @Override
  public Seq<Expression> pushFilters(Seq<Expression> filters) {
    List<Expression> ofData = new ArrayList<>();
    List<Expression> rest = new ArrayList<>();
    for (Expression filter : JavaConverters.seqAsJavaList(filters)) {
      if (FileMetadata.isNeededBy(filter, schema)
          || (plan.capturesRecords() && !isOnKeys(filter))) {
        rest.add(filter); // a record that a filter removes may be a bad one
      } else {
        ofData.add(filter);
        Option<Filter> translated = DataSourceStrategy$.MODULE$.translateFilter(filter, true);
        if (translated.isDefined()) {
          onData.add(translated.get());
        }
      }
    }
    rest.addAll(
        JavaConverters.seqAsJavaList(
            delegate.pushFilters(JavaConverters.asScalaBuffer(ofData).toSeq())));
    return JavaConverters.asScalaBuffer(rest).toSeq();
  }

  private boolean isOnKeys(Expression filter) {
    return JavaConverters.seqAsJavaList(filter.references().toSeq()).stream()
        .allMatch(attribute -> plan.keys().column(attribute.name()).isPresent());
  }

  @Override
  public Predicate[] pushedFilters() {
    return delegate.pushedFilters();
  }

  /** Spark asks only when all filters are on columns of the keys. */
  @Override
  public boolean supportCompletePushDown(Aggregation aggregation) {
    return fromManifest(aggregation).isPresent();
  }

  @Override
  public boolean pushAggregation(Aggregation aggregation) {
    aggregate = fromManifest(aggregation);
    aggregatesInTasks =
        aggregate.isEmpty()
            && delegate instanceof SupportsPushDownAggregates ofFormat
            && ofFormat.pushAggregation(aggregation);
    return aggregate.isPresent() || aggregatesInTasks;
  }

  private Optional<ManifestAggregate> fromManifest(Aggregation aggregation) {
    return ManifestAggregate.of(
        aggregation,
        index.select(delegate.partitionFilters()),
        plan.facts()::of,
        schema,
        groups(aggregation));
  }

  /** The grouping columns of an object, when all of them are in the keys. */
  private Optional<Function<ManifestEntry, InternalRow>> groups(Aggregation aggregation) {
    StructType groups = new StructType();
    for (var expression : aggregation.groupByExpressions()) {
      Optional<StructField> column =
          expression instanceof NamedReference reference && reference.fieldNames().length == 1
              ? plan.keys().column(reference.fieldNames()[0])
              : Optional.empty();
      if (column.isEmpty()) {
        return Optional.empty();
      }
      groups = groups.add(column.get());
    }
    StructType columns = groups;
    return Optional.of(file -> plan.keys().valuesOf(file, columns));
  }

  @Override
  public boolean pushLimit(int rows) {
    limit = OptionalLong.of(rows);
    return true;
  }

  /** Each task stops at the limit; Spark applies it to what they give. */
  @Override
  public boolean isPartiallyPushed() {
    return true;
  }

  @Override
  public Scan build() {
    if (aggregate.isPresent()) {
      return new AggregateScan(plan.name(), plan.files().size(), aggregate.get());
    }
    if (delegate instanceof WarcScanBuilder warc) {
      return scan(warc.partitionFilters(), 1.0, warc.decoder());
    }
    FileScan scan = (FileScan) delegate.build();
    return scan(
        scan.partitionFilters(),
        plan.session().sessionState().conf().fileCompressionFactor(),
        new SparkDecoder(scan, plan.format().text(), List.of(delegate.pushedFilters()), plan));
  }

  private Scan scan(
      Seq<Expression> partitionFilters, double compressionFactor, ManifestScan.Decoder decoder) {
    List<ManifestEntry> byKey = index.select(partitionFilters);
    ObjectFilter filter = new ObjectFilter(plan.statistics());
    List<ManifestEntry> matching =
        onData.isEmpty()
            ? byKey
            : byKey.stream()
                .filter(
                    file ->
                        onData.stream().allMatch(f -> filter.mayMatch(f, plan.facts().of(file))))
                .toList();
    OptionalLong most = aggregatesInTasks ? OptionalLong.empty() : limit;
    return new ManifestScan(
        plan,
        new ScanSelection(
            ScanSelection.enough(matching, file -> plan.statistics().of(file).rows(), most),
            byKey.size() - matching.size(),
            most),
        schema,
        compressionFactor,
        FileMetadata.appended(decoder, metadata));
  }

  private record SparkDecoder(FileScan scan, String format, List<Predicate> pushed, ReadPlan plan)
      implements ManifestScan.Decoder {
    @Override
    public StructType readSchema() {
      return CorruptRecords.removed(scan.readSchema());
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
          SparkFormat.readerFactory(scan, secrets()),
          format,
          plan.ignoredFiles(),
          plan.store(),
          plan.newErrorBudget().orElse(null),
          plan.capturesRecords() ? scan.readSchema() : new StructType());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof SparkDecoder decoder
          && scan.equals(decoder.scan)
          && pushed.equals(decoder.pushed)
          && plan.readsAs(decoder.plan);
    }

    @Override
    public int hashCode() {
      return scan.hashCode();
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
