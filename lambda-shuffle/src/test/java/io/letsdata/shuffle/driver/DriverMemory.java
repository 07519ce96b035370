// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.MapSegments;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.offsets.TableCache;
import io.letsdata.shuffle.offsets.TableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * What the driver does of a shuffle of 10,000 maps, for a process with a small heap: it hears of
 * all outputs, four at a time, makes their table, and a reader finds each segment in it. Arguments:
 * partitions, {@code offsets-memory} in bytes, a folder for objects.
 */
final class DriverMemory {
  static final int MAPS = 10_000;
  private static final int SHUFFLE = 3;
  private static final int THREADS = 4;

  private DriverMemory() {}

  public static void main(String[] arguments) throws Exception {
    int partitions = Integer.parseInt(arguments[0]);
    TableFiles store = new TableFiles(Path.of(arguments[2]));
    ShuffleHome home = new ShuffleHome(store, Samples.LAYOUT);
    DriverBounds byDefault = DriverBounds.DEFAULT;
    OutputRegistry registry =
        new OutputRegistry(
            () -> home,
            new DriverBounds(
                Long.parseLong(arguments[1]),
                byDefault.inlineBytes(),
                byDefault.payloadBytes(),
                byDefault.stageBytes()));
    long indexBytes = register(registry, partitions);

    List<MapRef> winners =
        IntStream.range(0, MAPS).mapToObj(map -> new MapRef(map, "n" + map)).toList();
    OffsetsTable table = OffsetsTable.of(registry.tables().table(SHUFFLE, winners));
    for (int partition : new int[] {0, partitions / 2, partitions - 1}) {
      for (MapOutputIndex index :
          List.of(
              registry.index(SHUFFLE, partition, partition + 1),
              new TableCache()
                  .index(home, SHUFFLE, table, partition, partition + 1, Long.MAX_VALUE))) {
        check(index, partitions, partition);
      }
    }
    System.out.printf(
        "%d x %d: %d MB of indexes, %d MB kept, %d PUT, %d GET, heap of %d MB%n",
        MAPS,
        partitions,
        indexBytes / 1_000_000,
        registry.retainedBytes() / 1_000_000,
        store.puts.get(),
        store.gets.get(),
        Runtime.getRuntime().maxMemory() / 1_000_000);
  }

  private static long register(OutputRegistry registry, int partitions)
      throws InterruptedException, ExecutionException {
    registry.registered(SHUFFLE, partitions);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<Long>> running = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int first = thread;
      running.add(
          threads.submit(
              () -> {
                long bytes = 0;
                for (int map = first; map < MAPS; map += THREADS) {
                  // As it comes from an executor.
                  byte[] report = MapReport.stored(output(map, partitions)).encode();
                  bytes += report.length;
                  registry.add(report);
                }
                return bytes;
              }));
    }
    long bytes = 0;
    for (Future<Long> each : running) {
      bytes += each.get();
    }
    threads.shutdown();
    return bytes;
  }

  private static void check(MapOutputIndex index, int partitions, int partition)
      throws IOException {
    for (int map = 0; map < MAPS; map++) {
      MapSegments found = index.segments(new MapRef(map, "n" + map)).orElseThrow();
      Segment segment = found.segments().get(0);
      boolean isRight =
          found.segments().size() == 1
              && segment.partition() == partition
              && segment.lengthBytes() == length(map, partition)
              && segment.crc32c() == map * 31 + partition;
      if (!isRight || (map % 1_000 == 0 && segment.start() != start(map, partition))) {
        throw new IOException("map " + map + " of " + partitions + ": " + segment);
      }
    }
  }

  private static long start(int map, int partition) {
    return IntStream.range(0, partition).mapToLong(i -> length(map, i)).sum();
  }

  private static long length(int map, int partition) {
    return 1_000 + ((map * 7919L + partition * 104_729L) & 8191);
  }

  /** No empty partition. */
  private static MapOutput output(int map, int partitions) {
    long[] lengths = new long[partitions];
    int[] checksums = new int[partitions];
    for (int partition = 0; partition < partitions; partition++) {
      lengths[partition] = length(map, partition);
      checksums[partition] = map * 31 + partition;
    }
    return new MapOutput(SHUFFLE, map, "n" + map, lengths, checksums);
  }
}
