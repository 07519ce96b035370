// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random exchanges: stored, inline and empty outputs, tight and wide memory, merges that are lost,
 * late or whose objects are damaged, outputs made again at any time. Whatever happens, a reader
 * gets every byte, and the end deletes every object.
 */
final class ExchangeFuzzTest {
  private static final int ROUNDS = 150;

  @Test
  void readersGetEveryByteWhateverHappensToMerges() throws IOException {
    for (int seed = 0; seed < ROUNDS; seed++) {
      try {
        round(new Random(seed));
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void round(Random random) throws IOException {
    DriverBounds bounds =
        random.nextInt(3) == 0
            ? new DriverBounds(300 + random.nextInt(2_000), 1 << 20, 1 << 20, 1 << 20)
            : DriverBounds.DEFAULT;
    int partitions = 1 + random.nextInt(20);
    try (ExchangeHarness exchange = new ExchangeHarness(partitions, bounds)) {
      int maps = 1 + random.nextInt(14);
      for (int map = 0; map < maps; map++) {
        exchange.winners.add(output(exchange, random, map));
      }
      again(exchange, random, 100);
      List<MergeJob> jobs = merge(exchange, random);
      again(exchange, random, 200);
      read(exchange, random, true);
      damage(exchange, random, jobs);
      again(exchange, random, 300);
      read(exchange, random, false);

      exchange.memory.delete(exchange.registry.forget(ExchangeHarness.SHUFFLE));
      assertThat(exchange.memory.keys("test")).isEmpty();
      assertThat(exchange.registry.retainedBytes()).isZero();
    }
  }

  private static MapRef output(ExchangeHarness exchange, Random random, int mapId)
      throws IOException {
    int most = 1 + random.nextInt(1_000);
    List<byte[]> segments = new ArrayList<>();
    for (int partition = 0; partition < exchange.partitions; partition++) {
      byte[] bytes = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(most)];
      random.nextBytes(bytes);
      segments.add(bytes);
    }
    int inlineBytes = random.nextInt(4) == 0 ? 1 << 20 : 0;
    return exchange.run(mapId, "n" + random.nextInt(1_000_000), segments, inlineBytes);
  }

  /** Some outputs are made again, by attempts that write other bytes. */
  private static void again(ExchangeHarness exchange, Random random, int firstId)
      throws IOException {
    for (int i = random.nextInt(3); i > 0; i--) {
      int map = random.nextInt(exchange.winners.size());
      exchange.winners.set(map, output(exchange, random, firstId + i));
    }
  }

  /** Some merges are carried out late or never, and some by the table of a former state. */
  private static List<MergeJob> merge(ExchangeHarness exchange, Random random) throws IOException {
    ExchangePlan plan =
        ExchangeHarness.combined(
            1 + random.nextInt(4), 1 + random.nextInt(4), 1 + random.nextInt(20_000));
    List<MergeJob> jobs =
        exchange.registry.planMerges(ExchangeHarness.SHUFFLE, exchange.winners, plan);
    byte[] table = exchange.registry.tables().table(ExchangeHarness.SHUFFLE, exchange.winners);
    List<MergeReport> late = new ArrayList<>();
    for (MergeJob job : jobs) {
      switch (random.nextInt(8)) {
        case 0 -> {}
        case 1 -> late.add(exchange.merge(table, job));
        default -> exchange.registry.addMerged(exchange.merge(table, job));
      }
    }
    again(exchange, random, 400);
    for (MergeReport report : late) {
      exchange.registry.addMerged(report);
    }
    return jobs;
  }

  private static void read(ExchangeHarness exchange, Random random, boolean intact)
      throws IOException {
    for (int i = 0; i < 6; i++) {
      int start = random.nextInt(exchange.partitions);
      int end = start + 1 + random.nextInt(exchange.partitions - start);
      int first = random.nextInt(exchange.winners.size());
      int last = first + 1 + random.nextInt(exchange.winners.size() - first);
      if (random.nextBoolean()) {
        first = 0;
        last = exchange.winners.size();
      }
      MapOutputIndex own = exchange.registry.index(ExchangeHarness.SHUFFLE, start, end);
      exchange.store.resetCounts();
      long fellBack =
          random.nextBoolean()
              ? exchange.read(first, last, start, end)
              : exchange.read(own, first, last, start, end);
      if (intact) {
        assertThat(fellBack).isZero();
      }
    }
  }

  private static void damage(ExchangeHarness exchange, Random random, List<MergeJob> jobs)
      throws IOException {
    List<String> stored = exchange.memory.keys("test");
    for (MergeJob job : jobs) {
      ObjectLocation object = exchange.object(job);
      if (stored.contains(object.key())) {
        byte[] bytes = exchange.memory.read(object);
        switch (random.nextInt(4)) {
          case 0 -> exchange.memory.delete(List.of(object));
          case 1 ->
              exchange.memory.put(object, ObjectContent.of(bytes, 0, random.nextInt(bytes.length)));
          case 2 -> {
            byte[] flipped = Arrays.copyOf(bytes, bytes.length);
            flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            exchange.memory.put(object, ObjectContent.of(flipped));
          }
          default -> {}
        }
      }
    }
  }
}
