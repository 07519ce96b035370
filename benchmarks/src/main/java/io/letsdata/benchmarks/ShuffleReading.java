// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.shuffle.fetch.FetchLimits;
import io.letsdata.shuffle.fetch.FetchPlan;
import io.letsdata.shuffle.fetch.SegmentFetcher;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.s3.S3ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The computation of a reduce task around its requests, without a request: a thousand segments of
 * 16 KiB, 16 MiB together, in memory as small outputs are.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "-Xmx1g")
public class ShuffleReading {
  private static final int MAPS = 20;
  private static final int PARTITIONS = 50;
  private static final int SEGMENT_BYTES = 16 << 10;

  private final FetchLimits limits = FetchLimits.of(8, 48 << 20);
  private final List<FetchPlan.Wanted> wanted = new ArrayList<>();
  private final byte[] bytes = new byte[PARTITIONS * SEGMENT_BYTES];
  private final byte[] target = new byte[64 << 10];
  private final ExecutorService executor = Executors.newFixedThreadPool(8);
  private final Hedging hedging = new Hedging(0);

  /** Never asked. */
  private final ObjectStore store =
      S3ObjectStore.create(
          TestIdentity.settings(URI.create("http://127.0.0.1:1")), new RequestMeter());

  /** The same bytes each time. */
  public ShuffleReading() {
    new Random(20_240_601).nextBytes(bytes);
    ShuffleLayout layout = new ShuffleLayout(ObjectLocation.parse("s3://bucket/runs/app-1"));
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, i * SEGMENT_BYTES, SEGMENT_BYTES);
      segments.add(new Segment(i, (long) i * SEGMENT_BYTES, SEGMENT_BYTES, (int) crc.getValue()));
    }
    for (int map = 0; map < MAPS; map++) {
      MapRef ref = new MapRef(map, "n");
      wanted.add(new FetchPlan.Wanted(ref, map, layout.dataLocation(3, ref), segments, bytes));
    }
  }

  /** Threads and connections. */
  @TearDown
  public void close() {
    executor.shutdownNow();
    hedging.close();
    store.close();
  }

  /** 50 neighbouring partitions of 20 outputs to 20 ranges. */
  @Benchmark
  public List<FetchPlan.Request> mergeRanges() {
    return FetchPlan.plan(wanted, 7, limits.requestBytes());
  }

  /** 16 MiB in blocks of 16 KiB: what verifying costs at least. */
  @Benchmark
  public long checksum() {
    long sum = 0;
    for (int map = 0; map < MAPS; map++) {
      for (int i = 0; i < PARTITIONS; i++) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, i * SEGMENT_BYTES, SEGMENT_BYTES);
        sum += crc.getValue();
      }
    }
    return sum;
  }

  /** The block iterator: 1,000 segments handed out, verified and read to their ends. */
  @Benchmark
  public long iterateBlocks() throws IOException {
    long read = 0;
    try (SegmentFetcher fetcher =
        new SegmentFetcher(
            store,
            FetchPlan.plan(wanted, 7, limits.requestBytes()),
            limits,
            executor,
            hedging,
            () -> {})) {
      while (fetcher.hasNext()) {
        InputStream body = fetcher.next().body();
        for (int count = body.read(target); count >= 0; count = body.read(target)) {
          read += count;
        }
      }
    }
    return read;
  }
}
