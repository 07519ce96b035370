// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.fetch.SegmentUnavailable;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.format.MergedObject;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which merges are planned, which of their answers count, and what is deleted of them. */
final class MergePlanningTest {
  private static final int MAPS = 12;
  private static final int PARTITIONS = 16;
  private static final int ALL = 1 << 20;

  private final ExchangeHarness exchange;

  MergePlanningTest() throws IOException {
    exchange = ExchangeHarness.of(MAPS, PARTITIONS, DriverBounds.DEFAULT);
  }

  @AfterEach
  void close() {
    exchange.close();
  }

  @Test
  void mergeOfALostOutputFailsAndReadersAreNotAffected() throws IOException {
    List<MergeJob> jobs =
        exchange.registry.planMerges(3, exchange.winners, ExchangeHarness.combined(2, 1, ALL));
    byte[] table = exchange.registry.tables().table(3, exchange.winners);
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
  void mergeStoresNothingAfterItsCallerGaveUp() throws IOException {
    MergeJob job =
        exchange
            .registry
            .planMerges(3, exchange.winners, ExchangeHarness.combined(1, 1, ALL))
            .get(0);
    byte[] table = exchange.registry.tables().table(3, exchange.winners);
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
    byte[] table = exchange.registry.tables().table(3, exchange.winners);

    exchange.registry.addMerged(exchange.merge(table, first.get(0))); // late, and overlapping
    exchange.registry.mergesEnded(3);

    assertThat(second).hasSize(2).doesNotContainAnyElementsOf(first);
    assertThat(exchange.registry.tables().table(3, exchange.winners)).isEqualTo(table);
    assertThat(exchange.registry.planMerges(3, exchange.winners, plan)).isEmpty();
    exchange.memory.delete(exchange.registry.forget(3));
    assertThat(exchange.memory.keys("test")).isEmpty();
  }

  @Test
  void mergesOfWhichOneReportedAreNotPlannedAgain() throws IOException {
    ExchangePlan plan = ExchangeHarness.combined(2, 1, ALL);
    MergeJob job = exchange.registry.planMerges(3, exchange.winners, plan).get(1);
    byte[] table = exchange.registry.tables().table(3, exchange.winners);
    exchange.registry.mergesEnded(3);

    exchange.registry.addMerged(exchange.merge(table, job)); // late, and used

    assertThat(exchange.registry.planMerges(3, exchange.winners, plan)).isEmpty();
    assertThat(exchange.read(0, PARTITIONS)).isZero();
  }

  @Test
  void partitionThatDoesNotFitACellIsReadDirectly() throws IOException {
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
  void mergesArePlannedOnce() {
    ExchangePlan plan = ExchangeHarness.combined(2, 1, ALL);

    assertThat(exchange.registry.planMerges(3, exchange.winners, plan)).hasSize(2);
    assertThat(exchange.registry.planMerges(3, exchange.winners, plan)).isEmpty();
    assertThat(exchange.registry.planMerges(4, exchange.winners, plan)).isEmpty();
  }

  @Test
  void forgettingNamesMergedObjectsAlsoThoseWhoseReportWasLost() throws IOException {
    List<MergeJob> jobs =
        exchange.registry.planMerges(3, exchange.winners, ExchangeHarness.combined(2, 1, ALL));
    byte[] table = exchange.registry.tables().table(3, exchange.winners);
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
  void reportThatFitsNoJobIsIgnored() throws IOException {
    byte[] before = exchange.registry.tables().table(3, exchange.winners);
    MergeJob job =
        exchange
            .registry
            .planMerges(3, exchange.winners, ExchangeHarness.combined(1, 1, ALL))
            .get(0);

    exchange.registry.addMerged(new MergeReport(3, "stranger", new long[] {7}));
    exchange.registry.addMerged(new MergeReport(3, job.nonce(), new long[] {7}));

    assertThat(exchange.registry.tables().table(3, exchange.winners)).isEqualTo(before);
  }
}
