// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.read;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.fetch.FetchLimits;
import io.letsdata.shuffle.fetch.FetchPlan;
import io.letsdata.shuffle.fetch.FooterReader;
import io.letsdata.shuffle.fetch.Footers;
import io.letsdata.shuffle.fetch.MergedSource;
import io.letsdata.shuffle.fetch.SegmentFetcher;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.MapSegments;
import io.letsdata.shuffle.request.ShuffleAccount;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.shuffle.spark.context.Rethrow;
import io.letsdata.shuffle.spark.context.S3ShuffleHandle;
import io.letsdata.shuffle.spark.context.ShuffleContext;
import io.letsdata.shuffle.spark.offsets.ReaderOffsets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.InterruptibleIterator;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.TaskContext;
import org.apache.spark.shuffle.ShuffleReadMetricsReporter;
import org.apache.spark.shuffle.ShuffleReader;
import org.apache.spark.util.TaskCompletionListener;
import org.apache.spark.util.collection.ExternalSorter;
import scala.Option;
import scala.Product2;
import scala.collection.Iterator;
import scala.math.Ordering;

/**
 * Reads a range of reduce partitions from a range of map outputs, as BlockStoreShuffleReader (Spark
 * 3.5.9) does, but from S3: 1 GET for each map output with anything to read, up to 16 MiB, and the
 * offsets' cost ({@link ReaderOffsets#index}). Used by the task's thread.
 */
@Internal
public final class S3ShuffleReader<K, C> implements ShuffleReader<K, C> {
  private final ShuffleContext context;
  private final ReaderOffsets offsets;
  private final ShuffleAccount account;
  private final ShuffleDependency<K, ?, C> dependency;
  private final SegmentSeal seal;
  private final ReadRange range;
  private final TaskContext task;
  private final ShuffleReadMetricsReporter metrics;
  private final FetchFailures failures;

  /** A reader that has sent no request yet. */
  public S3ShuffleReader(
      ShuffleContext context,
      ReaderOffsets offsets,
      ShuffleAccount account,
      S3ShuffleHandle handle,
      ReadRange range,
      TaskContext task,
      ShuffleReadMetricsReporter metrics) {
    this.context = context;
    this.offsets = offsets;
    this.account = account;
    this.dependency = handle.<K, C>base().dependency();
    this.seal = context.seal(handle);
    this.range = range;
    this.task = task;
    this.metrics = metrics;
    this.failures = new FetchFailures(dependency.shuffleId(), context);
  }

  @Override
  public Iterator<Product2<K, C>> read() {
    SegmentFetcher fetcher;
    try {
      fetcher = fetcher();
    } catch (IOException e) {
      throw Rethrow.raise(failures.translate(e));
    }
    SegmentRecords records =
        new SegmentRecords(fetcher, seal, dependency.serializer(), failures, task, metrics);
    // However the task ends, also before the last record.
    task.addTaskCompletionListener((TaskCompletionListener) ended -> end(fetcher, records));
    return ordered(aggregated(new InterruptibleIterator<>(task, records)));
  }

  private void end(SegmentFetcher fetcher, SegmentRecords records) {
    try {
      records.verifyRest();
    } catch (IOException e) {
      throw Rethrow.raise(e);
    } finally {
      account.fellBack(fetcher.fallbackSegments());
      account.readCombined(fetcher.mergedSegments(), fetcher.mergedBytes());
      fetcher.close();
    }
  }

  private SegmentFetcher fetcher() throws IOException {
    long since = System.nanoTime();
    FetchLimits limits = context.limits().fetch();
    List<FetchPlan.Request> plan = plan(limits.requestBytes());
    metrics.incFetchWaitTime((System.nanoTime() - since) / 1_000_000);
    return new SegmentFetcher(
        account.metered(context.runtime().store()),
        plan,
        limits,
        context.executor(),
        context.hedging(),
        task::killTaskIfInterrupted);
  }

  private List<FetchPlan.Request> plan(int requestBytes) throws IOException {
    if (range.outputs().isEmpty()) {
      return List.of();
    }
    ShuffleLayout layout = context.layout();
    MapOutputIndex given =
        offsets.index(
            dependency.shuffleId(),
            range.startPartition(),
            range.endPartition(),
            range.maps(),
            task::killTaskIfInterrupted);
    MapOutputIndex index = complete(given, layout);
    List<FetchPlan.Wanted> wanted = new ArrayList<>(range.outputs().size());
    for (WantedOutput output : range.outputs()) {
      MapSegments found = index.segments(output.map()).orElse(new MapSegments(List.of(), null));
      var location = layout.dataLocation(dependency.shuffleId(), output.map());
      wanted.add(
          new FetchPlan.Wanted(
                  output.map(), output.mapIndex(), location, found.segments(), found.inline())
              .requirePartitions(output.partitions()));
    }
    List<MergedSource> merged = MergedSource.in(given, layout, dependency.shuffleId());
    return FetchPlan.plan(wanted, merged, range.startPartition(), requestBytes);
  }

  /** Completes the index: outputs that it does not know are read from their footers. */
  private MapOutputIndex complete(MapOutputIndex given, ShuffleLayout layout) throws IOException {
    Map<Object, MapSegments> known = new HashMap<>();
    List<Footers.Item> unknown = new ArrayList<>();
    for (WantedOutput output : range.outputs()) {
      Optional<MapSegments> segments = given.segments(output.map());
      if (segments.isPresent()) {
        known.put(output.map(), segments.get());
      } else {
        unknown.add(new Footers.Item(output.map(), output.mapIndex(), output.partitions().get(0)));
      }
    }
    account.readFooters(unknown.size());
    FooterReader footers =
        new FooterReader(
            account.metered(context.runtime().store()),
            layout,
            dependency.partitioner().numPartitions());
    for (MapOutput output :
        new Footers(footers, dependency.shuffleId(), unknown)
            .readAll(
                context.executor(),
                context.limits().fetch().requests(),
                task::killTaskIfInterrupted)) {
      known.put(
          output.ref(),
          new MapSegments(output.segments(range.startPartition(), range.endPartition()), null));
    }
    return map -> Optional.ofNullable(known.get(map));
  }

  @SuppressWarnings(
      "unchecked") // types that Spark itself does not know here (BlockStoreShuffleReader)
  private Iterator<Product2<K, C>> aggregated(Iterator<Product2<Object, Object>> records) {
    if (dependency.aggregator().isEmpty()) {
      return (Iterator<Product2<K, C>>) (Iterator<?>) records;
    }
    var aggregator = dependency.aggregator().get();
    return (Iterator<Product2<K, C>>)
        (Iterator<?>)
            (dependency.mapSideCombine()
                ? aggregator.combineCombinersByKey(
                    (Iterator<Product2<K, C>>) (Iterator<?>) records, task)
                : ((org.apache.spark.Aggregator<K, Object, C>) aggregator)
                    .combineValuesByKey(
                        (Iterator<Product2<K, Object>>) (Iterator<?>) records, task));
  }

  private Iterator<Product2<K, C>> ordered(Iterator<Product2<K, C>> records) {
    Option<Ordering<K>> ordering = dependency.keyOrdering();
    Iterator<Product2<K, C>> result = records;
    if (ordering.isDefined()) {
      ExternalSorter<K, C, C> sorter =
          new ExternalSorter<>(
              task, Option.empty(), Option.empty(), ordering, dependency.serializer());
      result = sorter.insertAllAndUpdateMetrics(records);
    }
    // Aggregator and sorter have consumed the inner one; cancellation must work on their results as
    // well.
    return result instanceof InterruptibleIterator
        ? result
        : new InterruptibleIterator<>(task, result);
  }
}
