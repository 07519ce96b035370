// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.fetch.SegmentUnavailable;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergedObject;
import io.letsdata.shuffle.format.ShuffleFormatException;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  void tableWithMergedObjectsClippedOrFlippedAnywhereIsRejected() throws IOException {
    try (ExchangeHarness small = ExchangeHarness.of(3, 2, DriverBounds.DEFAULT)) {
      small.merge(ExchangeHarness.combined(1, 1, ALL));
      byte[] table = small.registry.tables().table(3, small.winners);

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
