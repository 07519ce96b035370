// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.shuffle.write.MapOutputUpload;
import io.letsdata.shuffle.write.PartSender;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreUnavailable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class SegmentFetcherTest {
  private static final int MAPS = 6;
  private static final int PARTITIONS = 8;

  private final InMemoryObjectStore memory = new InMemoryObjectStore("test");
  private final ProbedStore store = new ProbedStore(memory);
  private final ExecutorService threads = Executors.newFixedThreadPool(16);
  private final List<MapOutput> outputs = new ArrayList<>();
  private final Hedging hedging = new Hedging(1); // each answer pays for a second try
  private final List<byte[]> data = new ArrayList<>();

  SegmentFetcherTest() throws IOException {
    Random random = new Random(1);
    for (int map = 0; map < MAPS; map++) {
      MapOutputUpload upload =
          new MapOutputUpload(
              new PartSender(memory),
              Samples.LAYOUT,
              0,
              new MapRef(map, "n"),
              PARTITIONS,
              MapOutputUpload.MIN_PART_BYTES,
              0);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(400)];
        random.nextBytes(bytes);
        all.write(bytes);
        try (OutputStream out = upload.segment(partition)) {
          out.write(bytes);
        }
      }
      outputs.add(upload.commit().output());
      data.add(all.toByteArray());
    }
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    hedging.close();
  }

  @Test
  void everySegmentArrivesInThePlansOrderWithItsBytes() throws IOException {
    for (int requestBytes : new int[] {1, 7, 100, 1_000_000}) {
      SegmentFetcher fetcher = fetcher(new FetchLimits(4, 2L * requestBytes, requestBytes), 2, 7);

      for (int map : new int[] {2, 3, 4, 5, 0, 1}) {
        for (Segment segment : outputs.get(map).segments(2, 7)) {
          SegmentFetcher.Fetched next = fetcher.next();
          assertThat(next.segment()).isEqualTo(segment);
          assertThat(next.body().readAllBytes()).isEqualTo(bytes(map, segment));
        }
      }
      assertThat(fetcher.hasNext()).isFalse();
    }
  }

  @Test
  void neighbouringPartitionsOfAnOutputAreOneGet() throws IOException {
    drain(fetcher(FetchLimits.of(8, 1 << 20), 0, PARTITIONS));

    assertThat(store.gets).hasValue(MAPS);
  }

  @Test
  void limitsOfRequestsAndBytesHold() throws IOException {
    FetchLimits limits = new FetchLimits(3, 3_000, 1_500);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicLong issuedBytes = new AtomicLong();
    store.beforeReads(
        (location, range) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          issuedBytes.addAndGet(range.lengthBytes());
          now.decrementAndGet();
        });
    SegmentFetcher fetcher = fetcher(limits, 0, PARTITIONS);
    long consumed = 0;

    while (fetcher.hasNext()) {
      SegmentFetcher.Fetched next = fetcher.next();
      assertThat(issuedBytes.get() - consumed).isLessThanOrEqualTo(limits.bytes());
      consumed += next.body().readAllBytes().length;
    }

    assertThat(most.get()).isBetween(1, 4 * 3); // four times as many while the blocks are small
  }

  @Test
  void missingObjectIsALostOutputThatNamesItself() {
    delete(3);

    assertThatThrownBy(() -> drain(fetcher(FetchLimits.of(8, 1 << 20), 0, PARTITIONS)))
        .isInstanceOfSatisfying(
            SegmentUnavailable.class,
            lost -> assertThat(lost.wanted().map()).isEqualTo(new MapRef(3, "n")))
        .hasMessageContaining("the object is missing")
        .hasMessageEndingWith("Its map task must run again.");
  }

  @Test
  void objectClippedAtAnyByteOfItsDataIsNeverAnEnd() throws IOException {
    ObjectLocation object = location(1);
    byte[] whole = memory.read(object);
    int dataBytes = data.get(1).length;

    for (int length = 0; length < dataBytes; length++) {
      memory.put(object, ObjectContent.of(whole, 0, length));
      for (int requestBytes : new int[] {150, 1 << 20}) {
        assertThatThrownBy(
                () -> drain(fetcher(new FetchLimits(4, 4L << 20, requestBytes), 0, PARTITIONS)))
            .as("%d of %d bytes", length, whole.length)
            .isInstanceOfSatisfying(
                SegmentUnavailable.class,
                lost -> assertThat(lost.wanted().mapIndex()).isEqualTo(1));
      }
    }
  }

  @Test
  void flippedBitIsALostOutputWhetherTheSegmentCameWholeOrInSlices() throws IOException {
    byte[] damaged = memory.read(location(2));
    Segment victim = outputs.get(2).segments(0, PARTITIONS).get(1);
    damaged[(int) victim.end() - 1] ^= 1;
    memory.put(location(2), ObjectContent.of(damaged));

    for (int requestBytes : new int[] {100, 1 << 20}) {
      assertThatThrownBy(
              () -> drain(fetcher(new FetchLimits(4, 4L << 20, requestBytes), 0, PARTITIONS)))
          .isInstanceOfSatisfying(
              SegmentUnavailable.class,
              lost -> assertThat(lost.partition()).isEqualTo(victim.partition()))
          .hasMessageContaining("checksum");
    }
  }

  @Test
  void sliceStreamLeftBeforeItsEndIsVerifiedWhenItIsClosed() throws IOException {
    byte[] damaged = memory.read(location(0));
    Segment victim = outputs.get(0).segments(0, PARTITIONS).get(0);
    damaged[(int) victim.end() - 1] ^= 1;
    memory.put(location(0), ObjectContent.of(damaged));
    SegmentFetcher fetcher =
        fetcher(new FetchLimits(4, 4L << 20, (int) victim.lengthBytes() / 3), 0, PARTITIONS);
    InputStream body = fetcher.next().body();
    assertThat(body.read()).isNotNegative();

    assertThatThrownBy(body::close).isInstanceOf(SegmentUnavailable.class);
  }

  @Test
  void brokenBodyGoesOnWhereItEnded() throws IOException {
    store.cutBodies(3, 10);

    drain(fetcher(new FetchLimits(1, 1 << 20, 1 << 19), 0, PARTITIONS));

    assertThat(store.gets).hasValue(MAPS + 3);
  }

  @Test
  void bodyThatKeepsBreakingFailsLoudlyAndIsNotALostOutput() {
    store.cutBodies(Integer.MAX_VALUE, 10);

    assertThatThrownBy(() -> drain(fetcher(FetchLimits.of(8, 1 << 20), 0, PARTITIONS)))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SegmentUnavailable.class)
        .hasMessageContaining("Read it again");
  }

  @Test
  void storeThatFailsIsNotALostOutput() {
    store.beforeReads(
        (location, range) -> {
          throw new StoreUnavailable("Cannot reach it.");
        });

    assertThatThrownBy(() -> drain(fetcher(FetchLimits.of(8, 1 << 20), 0, PARTITIONS)))
        .isInstanceOf(StoreUnavailable.class);
    assertThat(store.gets.get()).isLessThanOrEqualTo(MAPS);
  }

  @Test
  void closingEndsTheConsumersWaitAndStartsNothingMore() throws Exception {
    // One request at once, four of small blocks.
    CountDownLatch reading = new CountDownLatch(4);
    CountDownLatch released = new CountDownLatch(1);
    store.beforeReads(
        (location, range) -> {
          reading.countDown();
          await(released);
        });
    SegmentFetcher fetcher = fetcher(new FetchLimits(1, 1 << 20, 1 << 19), 0, PARTITIONS);
    var consumer = threads.submit(() -> drainQuietly(fetcher));
    reading.await();

    fetcher.close();

    Awaitility.await().atMost(Duration.ofMinutes(5)).until(consumer::isDone);
    assertThat(consumer.get()).contains("the reader is closed");
    released.countDown();
    assertThat(store.gets).hasValue(4);
  }

  @Test
  void waitingConsumerCanGiveUp() {
    CountDownLatch never = new CountDownLatch(1);
    store.beforeReads(
        (location, range) -> {
          await(never);
        });
    SegmentFetcher fetcher =
        new SegmentFetcher(
            store,
            FetchPlan.plan(wanted(0, PARTITIONS), 0, 1 << 20),
            FetchLimits.of(8, 4 << 20),
            threads,
            hedging,
            () -> {
              throw new IllegalStateException("killed");
            });

    assertThatThrownBy(() -> drain(fetcher)).hasMessage("killed");
  }

  @Test
  @Timeout(600)
  void lateGetIsSentTwiceAndTheFirstResponseCounts() throws Exception {
    for (int i = 0; i < 100; i++) {
      hedging.completed(1 << 10, 1_000_000);
    }
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    store.beforeReads(
        (location, range) -> {
          if (location.equals(location(3)) && first.getAndSet(false)) {
            await(never);
          }
        });

    SegmentFetcher fetcher = fetcher(FetchLimits.of(4, 1 << 20), 0, PARTITIONS);
    drain(fetcher);

    assertThat(hedging.hedges()).isPositive();
    assertThat(store.gets.get()).isLessThanOrEqualTo(MAPS + (int) hedging.hedges());
    never.countDown();
  }

  @Test
  @Timeout(600)
  void losersOnDeadConnectionsDoNotKeepLaterGetsFromStarting() throws Exception {
    for (int i = 0; i < 100; i++) {
      hedging.completed(1 << 10, 1_000_000);
    }
    CountDownLatch never = new CountDownLatch(1);
    Set<ObjectLocation> tried = ConcurrentHashMap.newKeySet();
    store.beforeReads(
        (location, range) -> {
          if (tried.add(location)) {
            await(never);
          }
        });

    for (long bytes : new long[] {1 << 20, 800}) { // bound by requests, by memory
      tried.clear();
      drain(fetcher(new FetchLimits(1, bytes, 400), 0, PARTITIONS));
    }

    assertThat(hedging.hedges()).isPositive();
    never.countDown();
  }

  @Test
  @Timeout(600)
  void bothTriesOfALateGetFailingIsTheFailure() throws Exception {
    for (int i = 0; i < 100; i++) {
      hedging.completed(1 << 10, 1_000_000);
    }
    CountDownLatch both = new CountDownLatch(2);
    store.beforeReads(
        (location, range) -> {
          if (location.equals(location(3))) {
            both.countDown();
            await(both);
            throw new StoreUnavailable("Cannot reach it.");
          }
        });

    assertThatThrownBy(() -> drain(fetcher(FetchLimits.of(4, 1 << 20), 0, PARTITIONS)))
        .isInstanceOf(StoreUnavailable.class);
    assertThat(hedging.hedges()).isPositive();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static String drainQuietly(SegmentFetcher fetcher) {
    try {
      drain(fetcher);
      return "";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void drain(SegmentFetcher fetcher) throws IOException {
    while (fetcher.hasNext()) {
      try (InputStream body = fetcher.next().body()) {
        body.readAllBytes();
      }
    }
  }

  private SegmentFetcher fetcher(FetchLimits limits, int start, int end) {
    return new SegmentFetcher(
        store,
        FetchPlan.plan(wanted(start, end), start, limits.requestBytes()),
        limits,
        threads,
        hedging,
        () -> {});
  }

  private List<FetchPlan.Wanted> wanted(int start, int end) {
    List<FetchPlan.Wanted> wanted = new ArrayList<>();
    for (int map = 0; map < MAPS; map++) {
      wanted.add(
          new FetchPlan.Wanted(
              outputs.get(map).ref(), map, location(map), outputs.get(map).segments(start, end)));
    }
    return wanted;
  }

  private ObjectLocation location(int map) {
    return Samples.LAYOUT.dataLocation(0, outputs.get(map).ref());
  }

  private byte[] bytes(int map, Segment segment) {
    return Arrays.copyOfRange(data.get(map), (int) segment.start(), (int) segment.end());
  }

  private void delete(int map) {
    try {
      memory.delete(List.of(location(map)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
