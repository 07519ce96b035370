// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.MapSegments;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.offsets.TableCache;
import io.letsdata.shuffle.request.Hedging;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Indexes on their way to the store, and back from several tables there. */
@Timeout(600)
final class ShuffleMovesTest {
  private static final int SHUFFLE = 3;
  private static final int PARTITIONS = 20_000;

  private final InMemoryObjectStore memory = new InMemoryObjectStore("test");
  private final ProbedStore store = new ProbedStore(memory);
  private final ShuffleHome home = new ShuffleHome(store, Samples.LAYOUT);
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final Hedging hedging = new Hedging(0.1);

  @AfterEach
  void stop() {
    executor.shutdownNow();
    hedging.close();
  }

  @Test
  void reportDoesNotWaitForThePutOfAnotherReport() throws Exception {
    CountDownLatch moving = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    store.beforeWrites(
        location -> {
          moving.countDown();
          await(released);
        });
    long index = output(0).encode().length;
    OutputRegistry registry = registry(4 * index + index / 2);
    for (int map = 0; map < 4; map++) {
      registry.add(MapReport.stored(output(map)));
    }

    var mover =
        executor.submit(
            () -> {
              registry.add(MapReport.stored(output(4)));
              return true;
            });
    await(moving);
    for (int map = 5; map < 8; map++) {
      registry.add(MapReport.stored(output(map)));
    }

    assertThat(mover.isDone()).isFalse();
    released.countDown();
    assertThat(mover.get(5, TimeUnit.MINUTES)).isTrue();
    MapOutputIndex all = registry.index(SHUFFLE, 7, 8);
    for (int map = 0; map < 8; map++) {
      assertThat(all.segments(new MapRef(map, "n")))
          .contains(MapSegments.stored(output(map).segments(7, 8)));
    }
  }

  @Test
  void tableThatArrivesWhenItsShuffleIsForgottenIsDeleted() throws Exception {
    CountDownLatch storing = new CountDownLatch(2);
    CountDownLatch released = new CountDownLatch(1);
    OutputRegistry registry = registry(4L * output(0).encode().length);
    for (int map = 0; map < 4; map++) {
      registry.add(MapReport.stored(output(map)));
    }
    store.beforeWrites(
        location -> {
          storing.countDown();
          await(released);
        });

    var mover =
        executor.submit(
            () -> {
              registry.add(MapReport.stored(output(4)));
              return true;
            });
    var publisher = executor.submit(() -> registry.tables().publish(SHUFFLE, new byte[9]));
    await(storing);
    assertThat(registry.forget(SHUFFLE)).hasSize(5);
    released.countDown();

    assertThat(mover.get(5, TimeUnit.MINUTES)).isTrue();
    assertThat(publisher.get(5, TimeUnit.MINUTES)).isNotNull();
    assertThat(store.puts).hasValue(2);
    assertThat(memory.keys("test")).isEmpty();
    assertThat(registry.retainedBytes()).isZero();
    assertThat(registry.forgetAll()).isEmpty();
  }

  @Test
  void tablesInTheStoreAreReadAtOnce() throws Exception {
    List<MapRef> winners = new ArrayList<>();
    OutputRegistry registry = registry(2L * output(0).encode().length);
    for (int map = 0; map < 12; map++) {
      registry.add(MapReport.stored(output(map)));
      winners.add(new MapRef(map, "n"));
    }
    OffsetsTable table = OffsetsTable.of(registry.tables().table(SHUFFLE, winners));
    int tables = table.elsewhere().size();
    assertThat(tables).isGreaterThan(2);
    CyclicBarrier all = new CyclicBarrier(tables);
    AtomicInteger reads = new AtomicInteger();
    store.beforeReads(
        (location, range) -> {
          if (reads.incrementAndGet() <= tables) {
            await(all); // nobody is answered before all are asked
          }
        });

    MapOutputIndex index =
        new TableCache(executor, hedging).index(home, SHUFFLE, table, 7, 8, 1 << 30);

    for (int map = 0; map < 12; map++) {
      assertThat(index.segments(new MapRef(map, "n")))
          .contains(MapSegments.stored(output(map).segments(7, 8)));
    }
  }

  @Test
  void lateTableIsAskedForTwice() throws Exception {
    List<MapRef> winners = new ArrayList<>();
    OutputRegistry registry = registry(2L * output(0).encode().length);
    for (int map = 0; map < 12; map++) {
      registry.add(MapReport.stored(output(map)));
      winners.add(new MapRef(map, "n"));
    }
    OffsetsTable table = OffsetsTable.of(registry.tables().table(SHUFFLE, winners));
    TableCache tables = new TableCache(executor, hedging);
    // The headers are known then; only columns are asked for.
    MapOutputIndex unused = tables.index(home, SHUFFLE, table, 7, 8, 1 << 30);
    for (int i = 0; i < 64; i++) {
      hedging.completed(Hedging.Kind.TABLE, 0, 1_000_000);
    }
    AtomicBoolean first = new AtomicBoolean(true);
    CountDownLatch released = new CountDownLatch(1);
    store.resetCounts();
    store.beforeReads(
        (location, range) -> {
          if (first.getAndSet(false)) {
            await(released);
          }
        });

    MapOutputIndex index = tables.index(home, SHUFFLE, table, 19_998, 19_999, 1 << 30);

    released.countDown();
    assertThat(store.gets).hasValueGreaterThan(table.elsewhere().size());
    assertThat(hedging.hedges()).isOne();
    for (MapRef winner : winners) {
      assertThat(index.segments(winner)).isPresent();
    }
  }

  private OutputRegistry registry(long indexBytes) {
    return new OutputRegistry(() -> home, new DriverBounds(indexBytes, 0, 0, 0));
  }

  private static MapOutput output(int map) {
    long[] lengths = new long[PARTITIONS];
    Arrays.fill(lengths, 1_000 + map);
    return new MapOutput(SHUFFLE, map, "n", lengths, new int[PARTITIONS]);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(5, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      int unused = barrier.await(5, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
