// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an executor's tasks hear of the driver, and how they wait for it. */
@Timeout(600)
final class OffsetsClientTest {
  private static final int SHUFFLE = 3;
  private static final MapOutput OUTPUT =
      new MapOutput(SHUFFLE, 1, "n1", new long[] {7, 9}, new int[] {1, 2});
  private static final List<MapRef> WANTED = List.of(OUTPUT.ref());
  private static final ShuffleLayout LAYOUT =
      new ShuffleLayout(ObjectLocation.parse("s3://test/run"));

  private final InMemoryObjectStore memory = new InMemoryObjectStore("test");
  private final ProbedStore store = new ProbedStore(memory);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final OutputRegistry registry =
      new OutputRegistry(() -> new ShuffleHome(memory, LAYOUT), DriverBounds.DEFAULT);
  private final AtomicInteger messages = new AtomicInteger();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void tasksOfAShuffleAskOnceAndThoseOfOthersDoNotWaitForThem() throws Exception {
    registry.add(MapReport.stored(OUTPUT));
    CountDownLatch released = new CountDownLatch(1);
    OffsetsClient offsets =
        new OffsetsClient(
            message -> {
              messages.incrementAndGet();
              if (shuffleIn(message) == SHUFFLE) {
                await(released);
              }
              return inline(shuffleIn(message));
            },
            threads);

    Future<Optional<OffsetsTable>> first = table(offsets);
    Future<Optional<OffsetsTable>> second = table(offsets);
    Optional<OffsetsTable> other = offsets.table(store, SHUFFLE + 1, List.of(), () -> {});

    assertThat(other).isPresent();
    assertThat(first.isDone() || second.isDone()).isFalse();
    released.countDown();
    assertThat(first.get().orElseThrow()).isSameAs(second.get().orElseThrow());
    assertThat(messages).hasValue(2);
  }

  @Test
  void killedTaskDoesNotWaitForTheDriver() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    OffsetsClient offsets =
        new OffsetsClient(
            message -> {
              await(released);
              return inline(SHUFFLE);
            },
            threads);

    assertThatThrownBy(
            () ->
                offsets.table(
                    store,
                    SHUFFLE,
                    List.of(),
                    () -> {
                      throw new CancellationException("killed");
                    }))
        .isInstanceOf(CancellationException.class);
    released.countDown();
    assertThat(offsets.table(store, SHUFFLE, List.of(), () -> {})).isPresent();
  }

  @Test
  void missingTableIsReplacedOnceForAllTasks() throws Exception {
    registry.add(MapReport.stored(OUTPUT));
    ObjectLocation gone = publish();
    ObjectLocation other = publish();
    memory.delete(List.of(gone));
    OffsetsClient offsets =
        new OffsetsClient(
            message -> {
              messages.incrementAndGet();
              return stored(lostIn(message).equals(gone.toString()) ? other : gone);
            },
            threads);

    OffsetsTable first = offsets.table(store, SHUFFLE, WANTED, () -> {}).orElseThrow();

    assertThat(first.columns(0, 2).segments(OUTPUT.ref())).isPresent();
    assertThat(offsets.table(store, SHUFFLE, WANTED, () -> {})).containsSame(first);
    assertThat(messages).hasValue(2);
  }

  @Test
  void tableWithMissingColumnsIsReplacedOnceForAllTasks() throws Exception {
    registry.add(MapReport.stored(OUTPUT));
    ObjectLocation gone = publish();
    ObjectLocation other = publish();
    OffsetsClient offsets =
        new OffsetsClient(
            message -> {
              messages.incrementAndGet();
              return stored(lostIn(message).equals(gone.toString()) ? other : gone);
            },
            threads);
    OffsetsTable unreadable = offsets.table(store, SHUFFLE, WANTED, () -> {}).orElseThrow();

    Optional<OffsetsTable> instead = offsets.instead(store, SHUFFLE, unreadable, () -> {});

    assertThat(instead).isPresent().get().isNotSameAs(unreadable);
    assertThat(offsets.instead(store, SHUFFLE, unreadable, () -> {})).isEqualTo(instead);
    assertThat(offsets.table(store, SHUFFLE, WANTED, () -> {})).isEqualTo(instead);
    assertThat(messages).hasValue(2);
  }

  @Test
  void withoutAnotherTableThereIsNoneAndTheNextTaskAsksAgain() throws Exception {
    registry.add(MapReport.stored(OUTPUT));
    ObjectLocation table = publish();
    byte[] bytes = memory.read(table);
    memory.delete(List.of(table));
    OffsetsClient offsets =
        new OffsetsClient(
            message -> {
              messages.incrementAndGet();
              return stored(table);
            },
            threads);

    assertThat(offsets.table(store, SHUFFLE, WANTED, () -> {})).isEmpty();
    memory.put(table, io.letsdata.store.ObjectContent.of(bytes));

    assertThat(offsets.table(store, SHUFFLE, WANTED, () -> {})).isPresent();
    assertThat(messages).hasValue(3);
  }

  @Test
  void driverThatDoesNotAnswerFailsTheTaskAndIsAskedAgain() throws Exception {
    OffsetsClient offsets =
        new OffsetsClient(
            message -> {
              if (messages.incrementAndGet() == 1) {
                throw new IOException("Cannot ask the driver for shuffle offsets: gone.");
              }
              return inline(SHUFFLE);
            },
            threads);

    assertThatThrownBy(() -> offsets.table(store, SHUFFLE, List.of(), () -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot ask the driver for shuffle offsets: gone.");
    assertThat(offsets.table(store, SHUFFLE, List.of(), () -> {})).isPresent();
  }

  private Future<Optional<OffsetsTable>> table(OffsetsClient offsets) {
    return threads.submit(() -> offsets.table(store, SHUFFLE, WANTED, () -> {}));
  }

  private ObjectLocation publish() throws IOException {
    return registry.tables().publish(SHUFFLE, registry.tables().table(SHUFFLE, WANTED));
  }

  private byte[] inline(int shuffleId) {
    byte[] table = registry.tables().table(shuffleId, shuffleId == SHUFFLE ? WANTED : List.of());
    return answer(OffsetsEndpoint.INLINE, table);
  }

  private static byte[] stored(ObjectLocation table) {
    return answer(OffsetsEndpoint.STORED, table.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] answer(byte kind, byte[] body) {
    return ByteBuffer.allocate(1 + body.length).put(kind).put(body).array();
  }

  private static int shuffleIn(byte[] message) {
    return ByteBuffer.wrap(message, 1, 4).getInt();
  }

  private static String lostIn(byte[] message) {
    return new String(message, 5, message.length - 5, StandardCharsets.UTF_8);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(5, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
