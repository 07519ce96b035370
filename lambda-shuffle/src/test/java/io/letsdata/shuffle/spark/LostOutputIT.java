// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static io.letsdata.shuffle.spark.ShuffleJobs.MAPS;
import static io.letsdata.shuffle.spark.ShuffleJobs.expectedPairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.pairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.partitioner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.shuffle.spark.offsets.TrackedOutputs;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Tuple2;

/** Objects that are gone or damaged, bodies that break, a store that fails. */
final class LostOutputIT {
  @ParameterizedTest
  @CsvSource({
    "delete, TABLE",
    "truncate, TABLE",
    "flip, TABLE",
    "replace, TABLE",
    "delete, FOOTERS",
    "truncate, FOOTERS",
    "flip, FOOTERS",
    "replace, FOOTERS"
  })
  void lostOrDamagedOutputIsMadeAgainAndNoOther(String damage, Offsets offsets) throws IOException {
    try (ShuffleHarness harness = new ShuffleHarness(offsets, Map.of())) {
      JavaPairRDD<Integer, String> shuffled = pairs(harness).partitionBy(partitioner(4));
      shuffled.count();
      assertThat(harness.committed).hasSize(MAPS);
      String victim = harness.keys().get(2);

      damage(harness, victim, damage);
      List<Tuple2<Integer, String>> records = shuffled.collect();

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
      assertThat(harness.committed).hasSize(MAPS + 1);
      assertThat(harness.keys()).hasSizeGreaterThanOrEqualTo(MAPS);
    }
  }

  @Test
  void objectThatVanishesWhileTheJobReadsIsMadeAgainAlone() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      AtomicReference<MapRef> victim = new AtomicReference<>();
      harness.store.beforeReads(
          (location, range) -> {
            MapRef third = TrackedOutputs.of(0).get(2);
            if (victim.compareAndSet(null, third)) {
              ShuffleLayout layout = new ShuffleLayout(harness.root());
              harness.memory.delete(List.of(layout.dataLocation(0, third)));
            }
          });
      List<Integer> rerun = new CopyOnWriteArrayList<>();
      harness
          .spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                  if (end.taskType().equals("ShuffleMapTask") && end.stageAttemptId() > 0) {
                    rerun.add(end.taskInfo().partitionId());
                  }
                }
              });

      List<Tuple2<Integer, String>> records = pairs(harness).partitionBy(partitioner(4)).collect();

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
      assertThat(harness.committed).hasSize(MAPS + 1);
      Awaitility.await()
          .atMost(Duration.ofMinutes(5))
          .untilAsserted(() -> assertThat(rerun).containsExactly(2));
      assertThat(TrackedOutputs.of(0)).hasSize(MAPS).doesNotContain(victim.get());
    }
  }

  @Test
  void allOutputsThatAreLostAtOnceAreMadeAgainInOneJob() throws IOException {
    int maps = 20;
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      JavaPairRDD<Integer, Integer> shuffled =
          harness
              .context()
              .parallelize(IntStream.range(0, 1_000).boxed().toList(), maps)
              .mapToPair(i -> new Tuple2<>(i, i))
              .partitionBy(partitioner(4));
      assertThat(shuffled.count()).isEqualTo(1_000);
      assertThat(harness.keys()).hasSize(maps);

      harness.memory.delete(
          harness.keys().stream().map(key -> new ObjectLocation("test", key)).toList());

      assertThat(shuffled.count()).isEqualTo(1_000);
      assertThat(harness.committed).hasSize(2 * maps);
    }
  }

  @Test
  void brokenConnectionsAreRetriedWithoutRunningAnythingAgain() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      harness.store.cutBodies(3, 100); // what one request survives, should it get all three

      List<Tuple2<Integer, String>> records = pairs(harness).partitionBy(partitioner(4)).collect();

      assertThat(records).containsExactlyInAnyOrderElementsOf(expectedPairs());
      assertThat(harness.committed).hasSize(MAPS);
      assertThat(harness.store.gets).hasValue(MAPS * 4 + 3);
    }
  }

  @Test
  void storeThatKeepsFailingFailsTheJobWithItsCause() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      harness.store.beforeReads(
          (location, range) -> {
            throw new io.letsdata.store.StoreUnavailable(
                "Cannot reach the store at http://nowhere: refused.", null);
          });

      assertThatThrownBy(() -> pairs(harness).partitionBy(partitioner(4)).collect())
          .hasMessageContaining("Cannot reach the store at http://nowhere");
      assertThat(harness.committed).hasSize(MAPS);
    }
  }

  private static void damage(ShuffleHarness harness, String key, String how) throws IOException {
    ObjectLocation object = new ObjectLocation("test", key);
    byte[] bytes = harness.memory.read(object);
    switch (how) {
      case "delete" -> harness.memory.delete(List.of(object));
      case "truncate" -> harness.memory.put(object, ObjectContent.of(bytes, 0, bytes.length / 4));
      case "flip" -> {
        bytes[bytes.length / 8] ^= 4;
        harness.memory.put(object, ObjectContent.of(bytes));
      }
      default -> {
        String other =
            harness.keys().stream().filter(k -> !k.equals(key)).findFirst().orElseThrow();
        harness.memory.put(
            object, ObjectContent.of(harness.memory.read(new ObjectLocation("test", other))));
      }
    }
  }
}
