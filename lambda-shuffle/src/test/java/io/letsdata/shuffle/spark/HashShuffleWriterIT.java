// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static io.letsdata.shuffle.spark.HashShuffleTasks.FILES_SEEN;
import static io.letsdata.shuffle.spark.HashShuffleTasks.MAPS;
import static io.letsdata.shuffle.spark.HashShuffleTasks.MEMORY_LEFT;
import static io.letsdata.shuffle.spark.HashShuffleTasks.RECORDS_A_MAP;
import static io.letsdata.shuffle.spark.HashShuffleTasks.VALUE_BYTES;
import static io.letsdata.shuffle.spark.HashShuffleTasks.digest;
import static io.letsdata.shuffle.spark.HashShuffleTasks.expectedDigest;
import static io.letsdata.shuffle.spark.HashShuffleTasks.records;
import static io.letsdata.shuffle.spark.HashShuffleTasks.shuffleFiles;
import static io.letsdata.shuffle.spark.ShuffleJobs.partitioner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.shuffle.spark.HashShuffleTasks.Shares;
import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.shuffle.write.PartitionBuffers;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The writer in place of Spark's bypass writer, where memory suffices and where it does not. */
@Timeout(900)
final class HashShuffleWriterIT {
  /** Execution memory of all tasks together; one map output alone has as much. */
  private static final int LITTLE = 6 << 20;

  private static final long NEVER = Long.MAX_VALUE;
  private static final long MAP_BYTES = (long) RECORDS_A_MAP * VALUE_BYTES;

  /** Of all tasks. */
  private static final class Sums extends SparkListener {
    final AtomicLong records = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
    final AtomicLong writeNanos = new AtomicLong();
    final AtomicLong memorySpilled = new AtomicLong();
    final AtomicLong diskSpilled = new AtomicLong();
    final AtomicLong peak = new AtomicLong();
    private final ShuffleHarness harness;

    Sums(ShuffleHarness harness) {
      this.harness = harness;
      harness.spark.sparkContext().addSparkListener(this);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      TaskMetrics metrics = end.taskMetrics();
      records.addAndGet(metrics.shuffleWriteMetrics().recordsWritten());
      bytes.addAndGet(metrics.shuffleWriteMetrics().bytesWritten());
      writeNanos.addAndGet(metrics.shuffleWriteMetrics().writeTime());
      memorySpilled.addAndGet(metrics.memoryBytesSpilled());
      diskSpilled.addAndGet(metrics.diskBytesSpilled());
      peak.addAndGet(metrics.peakExecutionMemory());
    }

    /** Until it has heard of all tasks. */
    void complete() throws Exception {
      harness.spark.sparkContext().listenerBus().waitUntilEmpty(Duration.ofMinutes(5).toMillis());
      harness.spark.sparkContext().removeSparkListener(this);
    }
  }

  @BeforeEach
  void forget() {
    FILES_SEEN.set(0);
    MEMORY_LEFT.set(0);
  }

  @Test
  void noLocalFileIsMadeWhenMemorySuffices() throws Exception {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, settings())) {
      for (int partitions : new int[] {1, 200}) {
        harness.committed.clear();
        Sums sums = new Sums(harness);
        assertThat(digest(records(harness, NEVER).partitionBy(partitioner(partitions))))
            .isEqualTo(expectedDigest());
        sums.complete();

        assertThat(FILES_SEEN).hasValue(0);
        assertThat(sums.diskSpilled.get() + sums.memorySpilled.get()).isZero();
        assertThat(sums.peak.get()).isBetween(MAPS * MAP_BYTES, 2 * MAPS * MAP_BYTES);
        assertMetrics(harness, sums);
        assertNothingLeft();
      }
    }
  }

  @Test
  void bytesThatMemoryRefusesGoToOneFileForEachTask() throws Exception {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, littleMemory())) {
      Sums sums = new Sums(harness);
      assertThat(digest(records(harness, NEVER).partitionBy(partitioner(100))))
          .isEqualTo(expectedDigest());
      sums.complete();

      assertThat(FILES_SEEN.get()).isBetween(1L, (long) MAPS);
      assertThat(sums.diskSpilled.get()).isBetween(MAP_BYTES, sums.bytes.get());
      assertThat(sums.memorySpilled.get()).isGreaterThanOrEqualTo(sums.diskSpilled.get());
      assertThat(sums.peak.get())
          .isLessThanOrEqualTo(MAPS * (LITTLE + PartitionBuffers.FLOOR_BYTES));
      assertMetrics(harness, sums);
      assertNothingLeft();
    }
  }

  @Test
  void failingInputAndFailingStoreLeaveNeitherFileNorMemoryNorObject() throws Exception {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, littleMemory())) {
      Sums sums = new Sums(harness);
      assertThatThrownBy(
              () -> records(harness, RECORDS_A_MAP - 1).partitionBy(partitioner(100)).count())
          .hasMessageContaining("no more records");
      assertNothingLeft();
      assertThat(FILES_SEEN.get()).isPositive();

      harness.store.beforeWrites(
          location -> {
            throw new IOException("The store is down.");
          });
      assertThatThrownBy(() -> records(harness, NEVER).partitionBy(partitioner(100)).count())
          .hasMessageContaining("The store is down.");
      assertNothingLeft();
      sums.complete();

      assertThat(harness.keys()).isEmpty();
      assertThat(sums.diskSpilled.get()).isPositive(); // the work was done, its result was not used
      assertThat(sums.records.get() + sums.bytes.get()).isZero();
    }
  }

  @Test
  void killedTaskEndsWithoutAnInterruptAndLeavesNothing() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, littleMemory())) {
      harness.context().setJobGroup("endless", "endless", false);
      var job = records(harness, -1).partitionBy(partitioner(100)).countAsync();
      Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> FILES_SEEN.get() > 0);

      harness.context().cancelJobGroup("endless");

      assertNothingLeft();
      assertThatThrownBy(job::get).hasStackTraceContaining("cancelled");
      assertThat(harness.keys()).isEmpty();
    }
  }

  @Test
  void operatorsOnTheSameThreadAreGivenItsMemory() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, littleMemory())) {
      Shares shares = HashShuffleTasks.compete(harness, 4 << 20, 5 << 20);

      assertThat(shares.otherThread()).isLessThan(4 << 20);
      assertThat(shares.spilledThen()).isZero();
      assertThat(shares.sameThread()).isEqualTo(5 << 20);
      assertThat(shares.spilledAtLast()).isEqualTo(4 << 20);
      assertThat(shares.used()).isZero();
    }
  }

  private static void assertMetrics(ShuffleHarness harness, Sums sums) {
    assertThat(sums.records).hasValue(MAPS * RECORDS_A_MAP);
    assertThat(sums.bytes)
        .hasValue(
            harness.committed.stream()
                .map(output -> SegmentSeal.contentBytes(output.lengths()))
                .flatMapToLong(Arrays::stream)
                .sum());
    assertThat(sums.bytes.get()).isGreaterThan(MAPS * MAP_BYTES);
    assertThat(sums.writeNanos.get()).isPositive();
  }

  private static void assertNothingLeft() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .untilAsserted(() -> assertThat(shuffleFiles()).isZero());
    assertThat(MEMORY_LEFT).hasValue(0);
  }

  private static Map<String, String> littleMemory() {
    Map<String, String> settings = settings();
    settings.put("spark.testing.memory", String.valueOf((1 << 20) + 2 * LITTLE));
    settings.put("spark.testing.reservedMemory", String.valueOf(1 << 20));
    settings.put("spark.memory.fraction", "0.5");
    return settings;
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("spark.shuffle.compress", "false");
    settings.put("spark.unsafe.exceptionOnMemoryLeak", "true");
    return settings;
  }
}
