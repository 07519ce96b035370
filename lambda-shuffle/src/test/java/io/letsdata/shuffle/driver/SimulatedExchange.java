// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.ZeroStore;
import io.letsdata.shuffle.fetch.FetchLimits;
import io.letsdata.shuffle.fetch.FetchPlan;
import io.letsdata.shuffle.fetch.MergeLayout;
import io.letsdata.shuffle.fetch.MergedSource;
import io.letsdata.shuffle.fetch.Merger;
import io.letsdata.shuffle.fetch.SegmentFetcher;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.Nonces;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.offsets.TableCache;
import io.letsdata.shuffle.request.Hedging;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32C;

/**
 * A whole exchange with the driver's, the workers' and the readers' own code, over zeros. Every
 * merge and every reduce task goes through the real plan, and every so often also through the real
 * fetcher. Each is counted as in an environment of its own, which has read no table before. What is
 * the same for all of them is done once and counted for each: the headers of the tables, and of the
 * merges of one range of partitions, one for each group, the columns.
 */
final class SimulatedExchange implements AutoCloseable {
  private static final int SHUFFLE = 3;
  private static final FetchLimits LIMITS = FetchLimits.of(8, 48 << 20);

  final ZeroStore store = new ZeroStore();
  private final ShuffleHome home = new ShuffleHome(store, Samples.LAYOUT);
  private final OutputRegistry registry = new OutputRegistry(() -> home, DriverBounds.DEFAULT);
  private final List<MapRef> winners = new ArrayList<>();
  private final int partitions;
  private final int fetchEvery;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final Hedging hedging = new Hedging(0);

  /**
   * All maps have written: 1 PUT each. No segment is empty; lengths are even up to twice the mean.
   *
   * @param fetchEvery of so many merges and reduce tasks one fetches, the others only plan
   */
  SimulatedExchange(int maps, int partitions, long bytes, int fetchEvery) throws IOException {
    this.partitions = partitions;
    this.fetchEvery = fetchEvery;
    int most = (int) (2 * bytes / maps / partitions);
    int[] checksums = checksumsOfZeros(most);
    Random random = new Random(1);
    for (int map = 0; map < maps; map++) {
      long[] lengths = new long[partitions];
      int[] crc32c = new int[partitions];
      for (int partition = 0; partition < partitions; partition++) {
        int length = 1 + random.nextInt(most);
        lengths[partition] = length;
        crc32c[partition] = checksums[length];
      }
      MapOutput output = new MapOutput(SHUFFLE, map, Nonces.next(), lengths, crc32c);
      store.puts.incrementAndGet();
      registry.add(MapReport.stored(output));
      winners.add(output.ref());
    }
  }

  private static int[] checksumsOfZeros(int most) {
    int[] checksums = new int[most + 1];
    CRC32C crc = new CRC32C();
    for (int length = 1; length <= most; length++) {
      crc.update(0);
      checksums[length] = (int) crc.getValue();
    }
    return checksums;
  }

  long requests() {
    return store.puts.get() + store.gets.get();
  }

  ExchangeShape shape(int tasks) {
    return registry.shape(SHUFFLE, winners, tasks);
  }

  /** The merges of a plan, one after the other. */
  void merge(ExchangePlan plan) throws IOException {
    List<MergeJob> jobs = registry.planMerges(SHUFFLE, winners, plan);
    Given given = publish(jobs.size());
    Offsets offsets = new Offsets(given);
    List<MergeJob> byRange = new ArrayList<>(jobs);
    byRange.sort(Comparator.comparingInt(MergeJob::startPartition));
    MapOutputIndex index = MapOutputIndex.unknown();
    int indexed = -1;
    long indexGets = 0;
    int count = 0;
    for (MergeJob job : byRange) {
      if (count++ % fetchEvery == 0) {
        Merger merger = new Merger(home, new TableCache(), LIMITS, threads, hedging);
        registry.addMerged(merger.run(given.table(), job, () -> {}));
      } else {
        if (indexed == job.startPartition()) {
          store.gets.addAndGet(indexGets);
        } else {
          long before = store.gets.get();
          index = offsets.index(job.startPartition(), job.endPartition());
          indexGets = store.gets.get() - before;
          indexed = job.startPartition();
        }
        MergeLayout layout = MergeLayout.of(job, home.layout(), index);
        store.gets.addAndGet(FetchPlan.plan(layout.wanted(), 0, LIMITS.requestBytes()).size());
        store.puts.incrementAndGet();
        registry.addMerged(layout.report());
      }
    }
  }

  /** One reduce task for each partition. */
  void reduce() throws IOException {
    Offsets offsets = new Offsets(publish(partitions));
    for (int partition = 0; partition < partitions; partition++) {
      MapOutputIndex index = offsets.index(partition, partition + 1);
      List<FetchPlan.Wanted> wanted = new ArrayList<>(winners.size());
      for (int map = 0; map < winners.size(); map++) {
        MapRef ref = winners.get(map);
        wanted.add(
            new FetchPlan.Wanted(
                    ref,
                    map,
                    home.layout().dataLocation(SHUFFLE, ref),
                    index.segments(ref).orElseThrow().segments())
                .requirePartitions(List.of(partition)));
      }
      List<FetchPlan.Request> plan =
          FetchPlan.plan(
              wanted,
              MergedSource.in(index, home.layout(), SHUFFLE),
              partition,
              LIMITS.requestBytes());
      if (partition % fetchEvery == 0) {
        fetch(plan);
      } else {
        store.gets.addAndGet(plan.size());
      }
    }
  }

  private void fetch(List<FetchPlan.Request> plan) throws IOException {
    int segments = 0;
    try (SegmentFetcher fetcher =
        new SegmentFetcher(store, plan, LIMITS, threads, hedging, () -> {})) {
      for (; fetcher.hasNext(); segments++) {
        try (InputStream body = fetcher.next().body()) {
          body.skipNBytes(1);
        }
      }
      if (segments != winners.size() || fetcher.fallbackSegments() > 0) {
        throw new IllegalStateException(segments + " of " + winners.size() + " segments");
      }
    }
  }

  /** The offsets as a stage's tasks get them: with the payload, or 1 PUT. */
  private Given publish(int tasks) throws IOException {
    byte[] bytes = registry.tables().table(SHUFFLE, winners);
    if (registry.bounds().ridesAlong(bytes.length, 0, tasks)) {
      return () -> OffsetsTable.of(bytes);
    }
    var location = registry.tables().publish(SHUFFLE, bytes);
    return () -> OffsetsTable.at(store, location);
  }

  /** Reads columns for one environment after the other; only the first one reads headers. */
  private final class Offsets {
    private final OffsetsTable table;
    private final TableCache tables = new TableCache();
    private final long headerGets;

    Offsets(Given given) throws IOException {
      table = given.table();
      long before = store.gets.get();
      MapOutputIndex unused = read(0, 1);
      long first = store.gets.get() - before;
      unused = read(0, 1);
      headerGets = 2 * first - (store.gets.get() - before);
      store.gets.set(before);
    }

    /** As whoever has no header yet would. */
    MapOutputIndex index(int start, int end) throws IOException {
      store.gets.addAndGet(headerGets);
      return read(start, end);
    }

    private MapOutputIndex read(int start, int end) throws IOException {
      return tables.index(home, SHUFFLE, table, start, end, Long.MAX_VALUE);
    }
  }

  /** What an environment has at hand that has not read anything yet. */
  private interface Given {
    OffsetsTable table();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    hedging.close();
  }
}
