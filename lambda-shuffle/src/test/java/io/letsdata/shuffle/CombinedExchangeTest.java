package io.letsdata.shuffle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Merged objects: who reads them, what they save, and what happens when they are not there. */
final class CombinedExchangeTest {
  private static final int MAPS = 12;
  private static final int PARTITIONS = 16;
  private static final int ALL = 1 << 20;

  private final ExchangeHarness exchange;

  CombinedExchangeTest() throws IOException {
    exchange = ExchangeHarness.of(MAPS, PARTITIONS, DriverBounds.DEFAULT);
  }

  @AfterEach
  void close() {
    exchange.close();
  }

  @Test
  void eachPartitionIsOneGetForEachGroupWithTheRightBytes() throws IOException {
    List<MergeJob> jobs = exchange.merge(ExchangeHarness.combined(2, 2, ALL));
    assertThat(jobs).hasSize(4);
    assertThat(exchange.store.gets).hasValue(2 * MAPS);
    assertThat(exchange.store.puts).hasValue(4);
    exchange.store.resetCounts();

    for (int partition = 0; partition < PARTITIONS; partition++) {
      assertThat(exchange.read(partition, partition + 1)).isZero();
    }

    assertThat(exchange.store.all()).isEqualTo(2 * PARTITIONS);
  }

  @Test
  void everyRangeOfPartitionsAndMapsHasItsBytesForAtMostTheDirectRequests() throws IOException {
    exchange.merge(ExchangeHarness.combined(3, 2, ALL));

    for (int start = 0; start < PARTITIONS; start += 3) {
      for (int end = start + 1; end <= PARTITIONS; end++) {
        for (int first = 0; first < MAPS; first += 2) {
          for (int last = first + 1; last <= MAPS; last += 3) {
            exchange.store.resetCounts();
            assertThat(exchange.read(first, last, start, end)).isZero();
            assertThat(exchange.store.gets.get()).isLessThanOrEqualTo(last - first);
          }
        }
      }
    }
  }

  @Test
  void driversOwnProcessReadsThemToo() throws IOException {
    exchange.merge(ExchangeHarness.combined(1, 1, ALL));
    exchange.store.resetCounts();

    assertThat(exchange.read(exchange.registry.index(3, 2, 5), 0, MAPS, 2, 5)).isZero();

    assertThat(exchange.store.all()).isEqualTo(1);
  }

  @Test
  void oneMapAndAllPartitionsAreReadFromItsOwnObject() throws IOException {
    exchange.merge(ExchangeHarness.combined(1, 1, ALL));
    exchange.store.beforeReads((object, range) -> assertThat(object.key()).doesNotContain("merge"));

    for (int map = 0; map < MAPS; map++) {
      exchange.read(map, map + 1, 0, PARTITIONS);
    }
  }

  @Test
  void skewedPartitionSplitByMapsIsOneGetASplit() throws IOException {
    exchange.merge(ExchangeHarness.combined(1, 1, ALL));
    exchange.store.resetCounts();

    exchange.read(0, 5, 7, 8);
    exchange.read(5, 9, 7, 8);
    exchange.read(9, MAPS, 7, 8);

    assertThat(exchange.store.all()).isEqualTo(3);
  }

  @Test
  void outputMadeAgainAfterMergingIsReadAloneAndTheOthersStayMerged() throws IOException {
    exchange.merge(ExchangeHarness.combined(1, 1, ALL));
    exchange.winners.set(4, exchange.run(104, "again"));
    exchange.store.resetCounts();

    assertThat(exchange.read(7, 9)).isZero();

    assertThat(exchange.store.all()).isEqualTo(2);
  }

  @Test
  void missingMergedObjectIsReadDirectly() throws IOException {
    List<MergeJob> jobs = exchange.merge(ExchangeHarness.combined(2, 1, ALL));
    exchange.memory.delete(List.of(exchange.object(jobs.get(0))));

    long fellBack = 0;
    for (int partition = 0; partition < PARTITIONS; partition++) {
      fellBack += exchange.read(partition, partition + 1);
    }

    assertThat(fellBack).isEqualTo(segments(jobs.get(0)));
  }

  @Test
  void mergedObjectThatTheStoreDoesNotGiveIsReadDirectly() throws IOException {
    exchange.merge(ExchangeHarness.combined(1, 1, ALL));
    exchange.store.beforeReads(
        (object, range) -> {
          if (object.key().contains("merged")) {
            throw new StoreUnavailable("Cannot reach it.");
          }
        });

    assertThat(exchange.read(0, PARTITIONS)).isPositive();
  }

  @Test
  void mergedObjectClippedAtAnyByteIsReadDirectlyWhereItIsTooShort() throws IOException {
    try (ExchangeHarness small = ExchangeHarness.of(4, 3, DriverBounds.DEFAULT)) {
      MergeJob job = small.merge(ExchangeHarness.combined(1, 1, ALL)).get(0);
      byte[] whole = small.memory.read(small.object(job));
      int data = (int) MergedObject.parse(whole).dataBytes();

      for (int length = 0; length < whole.length; length++) {
        small.memory.put(small.object(job), ObjectContent.of(whole, 0, length));
        long fellBack = small.read(0, 3) + small.read(1, 2);
        assertThat(fellBack > 0).as("%d of %d", length, data).isEqualTo(length < data);
        byte[] clipped = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> MergedObject.parse(clipped))
            .isInstanceOf(ShuffleFormatException.class);
      }
    }
  }

  @Test
  void anyFlippedBitOfAMergedObjectCostsItsSegmentAlone() throws IOException {
    try (ExchangeHarness small = ExchangeHarness.of(3, 2, DriverBounds.DEFAULT)) {
      MergeJob job = small.merge(ExchangeHarness.combined(1, 1, ALL)).get(0);
      byte[] whole = small.memory.read(small.object(job));
      int data = (int) MergedObject.parse(whole).dataBytes();

      for (int bit = 0; bit < whole.length * 8; bit += bit < data * 8 ? 5 : 1) {
        byte[] damaged = whole.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        small.memory.put(small.object(job), ObjectContent.of(damaged));
        assertThat(small.read(0, 2)).as("bit %d", bit).isEqualTo(bit / 8 < data ? 1 : 0);
        assertThatThrownBy(() -> MergedObject.parse(damaged))
            .isInstanceOf(ShuffleFormatException.class);
      }
    }
  }

  @Test
  void originalThatIsLostIsNamedEvenBehindALostMergedObject() throws IOException {
    MergeJob job = exchange.merge(ExchangeHarness.combined(1, 1, ALL)).get(0);
    ObjectLocation original =
        Samples.LAYOUT.dataLocation(ExchangeHarness.SHUFFLE, exchange.winners.get(5));
    exchange.memory.delete(List.of(original));
    assertThat(exchange.read(0, PARTITIONS)).isZero();

    exchange.memory.delete(List.of(exchange.object(job)));

    assertThatThrownBy(() -> exchange.read(0, PARTITIONS))
        .isInstanceOfSatisfying(
            SegmentUnavailable.class, lost -> assertThat(lost.wanted().mapIndex()).isEqualTo(5));
  }

  @Test
  void mergeOfALostOriginalFailsAndCostsNobodyAnything() throws IOException {
    List<MergeJob> jobs =
        exchange.registry.planMerges(3, exchange.winners, ExchangeHarness.combined(2, 1, ALL));
    byte[] table = exchange.registry.table(3, exchange.winners);
    MapRef victim = jobs.get(1).members().get(0);
    ObjectLocation original = Samples.LAYOUT.dataLocation(3, victim);
    byte[] bytes = exchange.memory.read(original);
    exchange.memory.delete(List.of(original));
    exchange.registry.addMerged(exchange.merge(table, jobs.get(0)));

    assertThatThrownBy(() -> exchange.merge(table, jobs.get(1)))
        .isInstanceOf(SegmentUnavailable.class);

    exchange.memory.put(original, ObjectContent.of(bytes));
    assertThat(exchange.read(0, PARTITIONS)).isZero();
  }

  @Test
  void mergeThatNobodyWaitsForStoresNothing() throws IOException {
    MergeJob job =
        exchange
            .registry
            .planMerges(3, exchange.winners, ExchangeHarness.combined(1, 1, ALL))
            .get(0);
    byte[] table = exchange.registry.table(3, exchange.winners);
    exchange.store.resetCounts();

    assertThatThrownBy(
            () ->
                exchange.merge(
                    table,
                    job,
                    Runnable::run, // each GET has its answer before anybody waits for it
                    () -> {
                      throw new CancellationException("planted");
                    }))
        .isInstanceOf(CancellationException.class);

    assertThat(exchange.store.gets).hasValue(MAPS);
    assertThat(exchange.store.puts).hasValue(0);
    assertThat(exchange.memory.keys("test")).doesNotContain(exchange.object(job).key());
  }

  @Test
  void mergesThatEndedWithoutAReportArePlannedOnceMoreAndNoOftener() throws IOException {
    ExchangePlan plan = ExchangeHarness.combined(2, 1, ALL);
    List<MergeJob> first = exchange.registry.planMerges(3, exchange.winners, plan);
    exchange.registry.mergesEnded(3);
    List<MergeJob> second = exchange.registry.planMerges(3, exchange.winners, plan);
    byte[] table = exchange.registry.table(3, exchange.winners);

    exchange.registry.addMerged(exchange.merge(table, first.get(0))); // late, and overlapping
    exchange.registry.mergesEnded(3);

    assertThat(second).hasSize(2).doesNotContainAnyElementsOf(first);
    assertThat(exchange.registry.table(3, exchange.winners)).isEqualTo(table);
    assertThat(exchange.registry.planMerges(3, exchange.winners, plan)).isEmpty();
    exchange.memory.delete(exchange.registry.forget(3));
    assertThat(exchange.memory.keys("test")).isEmpty();
  }

  @Test
  void mergesOfWhichOneReportedAreNotPlannedAgain() throws IOException {
    ExchangePlan plan = ExchangeHarness.combined(2, 1, ALL);
    MergeJob job = exchange.registry.planMerges(3, exchange.winners, plan).get(1);
    byte[] table = exchange.registry.table(3, exchange.winners);
    exchange.registry.mergesEnded(3);

    exchange.registry.addMerged(exchange.merge(table, job)); // late, and used

    assertThat(exchange.registry.planMerges(3, exchange.winners, plan)).isEmpty();
    assertThat(exchange.read(0, PARTITIONS)).isZero();
  }

  @Test
  void whatDoesNotFitACellIsReadDirectly() throws IOException {
    List<MergeJob> jobs = exchange.merge(ExchangeHarness.combined(1, 1, 9_000));

    assertThat(jobs).hasSizeGreaterThan(1);
    for (MergeJob job : jobs) {
      byte[] object = exchange.memory.read(exchange.object(job));
      assertThat(MergedObject.parse(object).dataBytes()).isBetween(4_000L, 9_000L);
    }
    assertThat(exchange.read(0, PARTITIONS)).isZero();
  }

  @Test
  void cellThatTurnsOutTooLargeLeavesItsLargestPartitionOut() throws IOException {
    try (ExchangeHarness skewed = new ExchangeHarness(4, DriverBounds.DEFAULT)) {
      for (int map = 0; map < 4; map++) {
        int heavy = map < 2 ? 0 : 2;
        skewed.winners.add(
            skewed.run(
                map,
                "n",
                IntStream.range(0, 4).mapToObj(p -> new byte[p == heavy ? 5_000 : 10]).toList()));
      }

      List<MergeJob> jobs = skewed.merge(ExchangeHarness.combined(2, 2, 6_000));

      List<Long> dataBytes = new ArrayList<>();
      for (MergeJob job : jobs) {
        dataBytes.add(MergedObject.parse(skewed.memory.read(skewed.object(job))).dataBytes());
      }
      assertThat(dataBytes).containsExactly(20L, 40L, 40L, 20L);
      assertThat(skewed.read(0, 4)).isZero();
      assertThat(skewed.read(0, 1)).isZero();
    }
  }

  @Test
  void objectTellsWhatItHoldsByItself() throws IOException {
    MergeJob job = exchange.merge(ExchangeHarness.combined(2, 3, ALL)).get(1);

    MergedObject object = MergedObject.parse(exchange.memory.read(exchange.object(job)));

    assertThat(object.shuffleId()).isEqualTo(3);
    assertThat(object.nonce()).isEqualTo(job.nonce());
    assertThat(object.members()).isEqualTo(job.members());
    assertThat(object.startPartition()).isEqualTo(job.startPartition());
    assertThat(object.partitions()).isEqualTo(job.partitions());
    assertThat(object.entries()).hasSize((int) segments(job));
  }

  @Test
  void offsetsThatMovedToTablesOfTheirOwnCanStillBeMergedAndFound() throws IOException {
    DriverBounds tight = new DriverBounds(1_500, 0, 512 << 10, 64 << 20);
    try (ExchangeHarness moved = ExchangeHarness.of(MAPS, PARTITIONS, tight)) {
      assertThat(moved.registry.retainedBytes()).isLessThanOrEqualTo(1_500);
      List<MergeJob> jobs = moved.merge(ExchangeHarness.combined(2, 2, ALL));
      assertThat(jobs).hasSize(4);

      for (int partition = 0; partition < PARTITIONS; partition++) {
        List<ObjectLocation> read = new ArrayList<>();
        moved.store.beforeReads(
            (object, range) -> {
              synchronized (read) {
                read.add(object);
              }
            });
        assertThat(moved.read(partition, partition + 1)).isZero();
        assertThat(read.stream().filter(object -> !object.key().contains("offsets"))).hasSize(2);
      }
    }
  }

  @Test
  void mergesArePlannedOnce() {
    ExchangePlan plan = ExchangeHarness.combined(2, 1, ALL);

    assertThat(exchange.registry.planMerges(3, exchange.winners, plan)).hasSize(2);
    assertThat(exchange.registry.planMerges(3, exchange.winners, plan)).isEmpty();
    assertThat(exchange.registry.planMerges(4, exchange.winners, plan)).isEmpty();
  }

  @Test
  void forgettingNamesMergedObjectsAlsoThoseWhoseAnswerWasLost() throws IOException {
    List<MergeJob> jobs =
        exchange.registry.planMerges(3, exchange.winners, ExchangeHarness.combined(2, 1, ALL));
    byte[] table = exchange.registry.table(3, exchange.winners);
    exchange.registry.addMerged(exchange.merge(table, jobs.get(0)));
    MergeReport late = exchange.merge(table, jobs.get(1));

    List<ObjectLocation> unneeded = exchange.registry.forget(3);

    assertThat(unneeded).contains(exchange.object(jobs.get(0)), exchange.object(jobs.get(1)));
    exchange.memory.delete(unneeded);
    assertThat(exchange.memory.keys("test")).isEmpty();
    assertThat(exchange.registry.addMerged(late)).contains(exchange.object(jobs.get(1)));
    assertThat(exchange.registry.planMerges(3, exchange.winners, ExchangeHarness.combined(1, 1, 1)))
        .isEmpty();
  }

  @Test
  void answerThatFitsNoJobIsIgnored() throws IOException {
    byte[] before = exchange.registry.table(3, exchange.winners);
    MergeJob job =
        exchange
            .registry
            .planMerges(3, exchange.winners, ExchangeHarness.combined(1, 1, ALL))
            .get(0);

    exchange.registry.addMerged(new MergeReport(3, "stranger", new long[] {7}));
    exchange.registry.addMerged(new MergeReport(3, job.nonce(), new long[] {7}));

    assertThat(exchange.registry.table(3, exchange.winners)).isEqualTo(before);
  }

  @Test
  void tableWithMergedObjectsClippedOrFlippedAnywhereIsRejected() throws IOException {
    try (ExchangeHarness small = ExchangeHarness.of(3, 2, DriverBounds.DEFAULT)) {
      small.merge(ExchangeHarness.combined(1, 1, ALL));
      byte[] table = small.registry.table(3, small.winners);

      for (int length = 0; length < table.length; length++) {
        byte[] clipped = Arrays.copyOf(table, length);
        assertThatThrownBy(() -> OffsetsTable.of(clipped).columns(0, 2))
            .isInstanceOf(ShuffleFormatException.class);
      }
      for (int bit = 0; bit < table.length * 8; bit++) {
        byte[] damaged = table.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        assertThatThrownBy(() -> OffsetsTable.of(damaged).columns(0, 2))
            .as("bit %d", bit)
            .isInstanceOf(ShuffleFormatException.class);
      }
    }
  }

  private long segments(MergeJob job) {
    MapOutputIndex index = exchange.registry.index(3, job.startPartition(), job.endPartition());
    return job.members().stream()
        .mapToLong(member -> index.segments(member).orElseThrow().segments().size())
        .sum();
  }
}
