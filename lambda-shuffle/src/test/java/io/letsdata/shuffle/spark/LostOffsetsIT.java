// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static io.letsdata.shuffle.spark.ShuffleJobs.MAPS;
import static io.letsdata.shuffle.spark.ShuffleJobs.expectedPairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.pairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.partitioner;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.shuffle.spark.offsets.OffsetsEndpoint;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Tuple2;

/** Offsets tables that are gone, damaged, or cannot be stored; map outputs are all there. */
final class LostOffsetsIT {
  private static final Map<String, String> ALL_TABLES_IN_THE_STORE =
      Map.of(
          "spark.letsdata.shuffle.inline-payload-size",
          "0",
          // Else tables of the damage before vanish between a listing and a look at them.
          "spark.cleaner.referenceTracking",
          "false");

  /** What becomes of a table between two jobs. */
  enum Damage {
    DELETED,
    EMPTY,
    CLIPPED,
    FLIPPED,
    REPLACED;

    void apply(ShuffleHarness harness) throws IOException {
      List<String> tables = tables(harness);
      assertThat(tables).isNotEmpty();
      for (String key : tables) {
        ObjectLocation table = new ObjectLocation("test", key);
        byte[] bytes = harness.memory.read(table);
        switch (this) {
          case DELETED -> harness.memory.delete(List.of(table));
          case EMPTY -> harness.memory.put(table, ObjectContent.of(new byte[0]));
          case CLIPPED ->
              harness.memory.put(table, ObjectContent.of(bytes, 0, Math.max(0, bytes.length - 1)));
          case FLIPPED -> {
            for (int i = 0; i < bytes.length; i += 16) {
              bytes[i] ^= 4;
            }
            harness.memory.put(table, ObjectContent.of(bytes));
          }
          case REPLACED -> {
            Arrays.fill(bytes, (byte) 'x');
            harness.memory.put(table, ObjectContent.of(bytes));
          }
        }
      }
    }
  }

  private static List<String> tables(ShuffleHarness harness) {
    return harness.keys().stream().filter(key -> key.contains("-offsets-")).toList();
  }

  @Test
  void footersReplaceALostTableWhenNoDriverAnswers() throws IOException {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.STORED, ALL_TABLES_IN_THE_STORE)) {
      for (Damage damage : Damage.values()) {
        JavaPairRDD<Integer, String> shuffled = pairs(harness).partitionBy(partitioner(4));
        assertThat(shuffled.count()).isEqualTo(expectedPairs().size());
        harness.committed.clear();

        damage.apply(harness);
        List<Tuple2<Integer, String>> records = shuffled.collect();

        assertThat(records).as("%s", damage).containsExactlyInAnyOrderElementsOf(expectedPairs());
        assertThat(harness.committed).as("%s", damage).isEmpty();
      }
    }
  }

  @Test
  void driverMakesALostTableAgainOnce() throws IOException {
    Map<String, String> inline = new HashMap<>(ALL_TABLES_IN_THE_STORE);
    inline.put("spark.letsdata.shuffle.inline-map-size", "64k"); // no footer could tell
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.MESSAGES, inline)) {
      for (Damage damage : Damage.values()) {
        JavaPairRDD<Integer, String> shuffled = pairs(harness).partitionBy(partitioner(4));
        assertThat(shuffled.count()).isEqualTo(expectedPairs().size());
        harness.committed.clear();
        harness.store.resetCounts();

        damage.apply(harness);
        harness.forgetsAnswers();
        List<Tuple2<Integer, String>> records = shuffled.collect();

        assertThat(records).as("%s", damage).containsExactlyInAnyOrderElementsOf(expectedPairs());
        assertThat(harness.committed).as("%s", damage).isEmpty();
        assertThat(harness.store.puts).as("%s", damage).hasValue(1);
      }
    }
  }

  @Test
  void segmentsThatOnlyALostTableHadAreMadeAgainOneMapAtATime() throws IOException {
    Map<String, String> inline = new HashMap<>(ALL_TABLES_IN_THE_STORE);
    inline.put("spark.letsdata.shuffle.inline-map-size", "64k");
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.STORED, inline)) {
      JavaPairRDD<Integer, String> shuffled = pairs(harness).partitionBy(partitioner(4));
      assertThat(shuffled.count()).isEqualTo(expectedPairs().size());

      Damage.DELETED.apply(harness);
      List<Tuple2<Integer, String>> records = shuffled.collect();

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
      // Each of the four tasks may name the output that it missed first; not all are made again.
      assertThat(harness.committed.size()).isBetween(MAPS + 1, MAPS + 4);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 20", "64k, 0"})
  void tableThatCannotBeStoredLeavesFootersAndKeepsSmallOutputs(String inlineUpTo, int gets) {
    Map<String, String> settings = new HashMap<>(ALL_TABLES_IN_THE_STORE);
    settings.put("spark.letsdata.shuffle.inline-map-size", inlineUpTo);
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.MESSAGES, settings);
        LogLines log = new LogLines(OffsetsEndpoint.class)) {
      harness.store.beforeWrites(
          location -> {
            if (location.key().contains("-offsets-")) {
              throw new StoreUnavailable("Cannot reach the store at http://nowhere.", null);
            }
          });
      JavaPairRDD<Integer, String> shuffled = pairs(harness).partitionBy(partitioner(4));

      List<Tuple2<Integer, String>> records = shuffled.collect();

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
      assertThat(harness.committed).hasSize(MAPS);
      // With its footers a task reads each output twice.
      assertThat(harness.store.gets).hasValue(2 * gets);
      assertThat(log.lines())
          .containsExactly("WARN Cannot store offsets of shuffle 0: its readers will read footers");
    }
  }
}
