// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.fetch.FetchPlan;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.ShuffleFormatException;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The bookkeeping of a shuffle of 1,000 maps and 1,000 reduce partitions, none of them empty: what
 * a map task and the driver do once a map output, the driver once a shuffle, a reduce task once.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "-Xmx1g")
public class ShuffleIndexing {
  static final int MAPS = 1_000;
  static final int PARTITIONS = 1_000;
  private static final int SHUFFLE = 3;
  private static final int PARTITION = 617;
  private static final int REQUEST_BYTES = 16 << 20;

  private final ShuffleLayout layout =
      new ShuffleLayout(ObjectLocation.parse("s3://bucket/runs/app-1"));
  private final OutputRegistry registry =
      new OutputRegistry(
          () -> {
            throw new IllegalStateException("the bounds are never reached");
          },
          DriverBounds.DEFAULT);
  private final List<MapRef> winners = new ArrayList<>(MAPS);
  private final MapOutput output;
  private final byte[] encoded;
  private final byte[] table;
  private final List<FetchPlan.Wanted> wanted;

  /** Fills the registry; the same values each time. */
  public ShuffleIndexing() {
    Random random = new Random(20_240_601);
    for (int map = 0; map < MAPS; map++) {
      MapOutput made = output(map, random);
      report(made);
      winners.add(made.ref());
    }
    output = output(MAPS, random);
    encoded = output.encode();
    table = registry.tables().table(SHUFFLE, winners);
    try {
      wanted = wanted(readColumn());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void report(MapOutput made) {
    try {
      registry.add(MapReport.stored(made));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A map task: its output's lengths and checksums to bytes. */
  @Benchmark
  public byte[] encodeOutput() {
    return output.encode();
  }

  /** The driver: those bytes back. */
  @Benchmark
  public MapOutput decodeOutput() throws ShuffleFormatException {
    return MapOutput.decode(encoded, PARTITIONS);
  }

  /** The driver, once a shuffle: the table of 1,000 x 1,000 from what it remembers. */
  @Benchmark
  public byte[] buildTable() {
    return registry.tables().table(SHUFFLE, winners);
  }

  /** A reduce task: header and one column of that table, without the request. */
  @Benchmark
  public MapOutputIndex readColumn() throws IOException {
    return OffsetsTable.of(table).columns(PARTITION, PARTITION + 1);
  }

  /** A reduce task: which ranges to request, 1,000 outputs. */
  @Benchmark
  public List<FetchPlan.Request> planFetch() {
    return FetchPlan.plan(wanted, PARTITION, REQUEST_BYTES);
  }

  private List<FetchPlan.Wanted> wanted(MapOutputIndex index) {
    List<FetchPlan.Wanted> all = new ArrayList<>(MAPS);
    for (int map = 0; map < MAPS; map++) {
      MapRef winner = winners.get(map);
      all.add(
          new FetchPlan.Wanted(
              winner,
              map,
              layout.dataLocation(SHUFFLE, winner),
              index.segments(winner).orElseThrow().segments()));
    }
    return all;
  }

  /** Segments of 64 KiB on average, as 64 GB in 1,000 x 1,000 would be. */
  private static MapOutput output(int map, Random random) {
    long[] lengths = new long[PARTITIONS];
    int[] crc32c = new int[PARTITIONS];
    for (int i = 0; i < PARTITIONS; i++) {
      lengths[i] = 1L + random.nextInt(128 << 10);
      crc32c[i] = random.nextInt();
    }
    return new MapOutput(SHUFFLE, map, "r%08x".formatted(random.nextInt()), lengths, crc32c);
  }
}
