// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.fetch.FetchLimits;
import io.letsdata.shuffle.fetch.FetchPlan;
import io.letsdata.shuffle.fetch.MergedSource;
import io.letsdata.shuffle.fetch.Merger;
import io.letsdata.shuffle.fetch.SegmentFetcher;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.MapSegments;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.offsets.TableCache;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/** A driver, workers that merge and reduce tasks in one process, without Spark. */
final class ExchangeHarness implements AutoCloseable {
  static final int SHUFFLE = 3;
  static final ExchangePrices PRICES = ExchangePrices.of(5e-6, 4e-7, 2e-7, 3.33334e-5, 100);

  final InMemoryObjectStore memory = new InMemoryObjectStore("test");
  final ProbedStore store = new ProbedStore(memory);
  final ShuffleHome home = new ShuffleHome(store, Samples.LAYOUT);
  final OutputRegistry registry;
  final int partitions;

  /** The runs that Spark accepted, by map index, and the bytes of their segments. */
  final List<MapRef> winners = new ArrayList<>();

  private final Map<MapRef, List<byte[]>> data = new HashMap<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final Hedging hedging = new Hedging(0);

  ExchangeHarness(int partitions, DriverBounds bounds) {
    this.partitions = partitions;
    this.registry = new OutputRegistry(() -> home, bounds);
  }

  /** {@code maps} outputs, a quarter of whose segments are empty, the others up to 400 bytes. */
  static ExchangeHarness of(int maps, int partitions, DriverBounds bounds) throws IOException {
    ExchangeHarness harness = new ExchangeHarness(partitions, bounds);
    for (int map = 0; map < maps; map++) {
      harness.winners.add(harness.run(map, "n" + map));
    }
    return harness;
  }

  /** Runs a map attempt, which stores its object and reports. */
  MapRef run(long mapId, String nonce) throws IOException {
    Random random = new Random(31 * mapId + nonce.hashCode());
    List<byte[]> segments = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(400)];
      random.nextBytes(bytes);
      segments.add(bytes);
    }
    return run(mapId, nonce, segments);
  }

  MapRef run(long mapId, String nonce, List<byte[]> segments) throws IOException {
    return run(mapId, nonce, segments, 0);
  }

  /** A small one stays in the report. */
  MapRef run(long mapId, String nonce, List<byte[]> segments, int inlineBytes) throws IOException {
    long[] lengths = new long[partitions];
    int[] checksums = new int[partitions];
    ByteArrayOutputStream object = new ByteArrayOutputStream();
    for (int partition = 0; partition < partitions; partition++) {
      byte[] bytes = segments.get(partition);
      CRC32C crc = new CRC32C();
      crc.update(bytes);
      lengths[partition] = bytes.length;
      checksums[partition] = bytes.length == 0 ? 0 : (int) crc.getValue();
      object.write(bytes);
    }
    MapOutput output = new MapOutput(SHUFFLE, mapId, nonce, lengths, checksums);
    data.put(output.ref(), segments);
    if (object.size() > 0 && object.size() <= inlineBytes) {
      registry.add(MapReport.inline(output, object.toByteArray()));
      return output.ref();
    }
    if (object.size() > 0) {
      object.write(MapObject.tail(output));
      memory.put(
          Samples.LAYOUT.dataLocation(SHUFFLE, output.ref()),
          ObjectContent.of(object.toByteArray()));
    }
    registry.add(MapReport.stored(output));
    return output.ref();
  }

  /** Forces a plan. */
  static ExchangePlan combined(int groups, int ranges, int mergeBytes) {
    return new ExchangePlan(
        ExchangePlan.Kind.COMBINED, groups, ranges, mergeBytes, ExchangeCost.NOTHING, "");
  }

  /** Merges all jobs as workers would, over the wire formats. */
  List<MergeJob> merge(ExchangePlan plan) throws IOException {
    List<MergeJob> jobs = registry.planMerges(SHUFFLE, winners, plan);
    byte[] table = registry.tables().table(SHUFFLE, winners);
    for (MergeJob job : jobs) {
      assertThat(registry.addMerged(merge(table, job))).isEmpty();
    }
    return jobs;
  }

  MergeReport merge(byte[] table, MergeJob job) throws IOException {
    return merge(table, job, threads, () -> {});
  }

  MergeReport merge(byte[] table, MergeJob job, Executor executor, Runnable whileWaiting)
      throws IOException {
    Merger merger =
        new Merger(home, new TableCache(), FetchLimits.of(4, 64 << 10), executor, hedging);
    MergeReport report =
        merger.run(OffsetsTable.of(table), MergeJob.decode(job.encode()), whileWaiting);
    return MergeReport.decode(report.encode());
  }

  ObjectLocation object(MergeJob job) {
    return job.object(Samples.LAYOUT);
  }

  /** What a reduce task reads, with its bytes checked; gives how many segments fell back. */
  long read(int start, int end) throws IOException {
    return read(0, winners.size(), start, end);
  }

  long read(int firstMap, int lastMap, int start, int end) throws IOException {
    byte[] table = registry.tables().table(SHUFFLE, winners);
    return read(
        new TableCache().index(home, SHUFFLE, OffsetsTable.of(table), start, end, 1 << 30),
        firstMap,
        lastMap,
        start,
        end);
  }

  long read(MapOutputIndex index, int firstMap, int lastMap, int start, int end)
      throws IOException {
    List<FetchPlan.Wanted> wanted = new ArrayList<>();
    int expected = 0;
    for (int map = firstMap; map < lastMap; map++) {
      MapRef ref = winners.get(map);
      MapSegments found = index.segments(ref).orElseThrow();
      List<Integer> nonEmpty = nonEmpty(ref, start, end);
      expected += nonEmpty.size();
      wanted.add(
          new FetchPlan.Wanted(
                  ref,
                  map,
                  Samples.LAYOUT.dataLocation(SHUFFLE, ref),
                  found.segments(),
                  found.inline())
              .requirePartitions(nonEmpty));
    }
    List<FetchPlan.Request> plan =
        FetchPlan.plan(wanted, MergedSource.in(index, Samples.LAYOUT, SHUFFLE), start, 16 << 10);
    int seen = 0;
    try (SegmentFetcher fetcher =
        new SegmentFetcher(store, plan, FetchLimits.of(4, 32 << 10), threads, hedging, () -> {})) {
      for (; fetcher.hasNext(); seen++) {
        SegmentFetcher.Fetched next = fetcher.next();
        try (InputStream body = next.body()) {
          assertThat(body.readAllBytes())
              .isEqualTo(bytes(next.wanted().map(), next.segment().partition()));
        }
      }
      assertThat(seen).isEqualTo(expected);
      return fetcher.fallbackSegments();
    }
  }

  private List<Integer> nonEmpty(MapRef map, int start, int end) {
    return IntStream.range(start, end)
        .filter(partition -> bytes(map, partition).length > 0)
        .boxed()
        .toList();
  }

  private byte[] bytes(MapRef map, int partition) {
    return Optional.ofNullable(data.get(map)).orElseThrow().get(partition);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    hedging.close();
  }
}
