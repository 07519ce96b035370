// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static io.letsdata.shuffle.spark.ShuffleJobs.MAPS;
import static io.letsdata.shuffle.spark.ShuffleJobs.RECORDS;
import static io.letsdata.shuffle.spark.ShuffleJobs.pairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.partitioner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.request.ShuffleReport;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.store.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** What people see of a shuffle: Spark's own metrics, and ours beside them. */
final class ShuffleMetricsIT {
  /** Of all tasks of a job. */
  private record Sums(
      long bytesWritten,
      long recordsWritten,
      long bytesRead,
      long recordsRead,
      long blocksRead,
      boolean hasWriteTime) {
    static Sums of(List<TaskMetrics> tasks) {
      return new Sums(
          tasks.stream().mapToLong(t -> t.shuffleWriteMetrics().bytesWritten()).sum(),
          tasks.stream().mapToLong(t -> t.shuffleWriteMetrics().recordsWritten()).sum(),
          tasks.stream().mapToLong(t -> t.shuffleReadMetrics().totalBytesRead()).sum(),
          tasks.stream().mapToLong(t -> t.shuffleReadMetrics().recordsRead()).sum(),
          tasks.stream().mapToLong(t -> t.shuffleReadMetrics().totalBlocksFetched()).sum(),
          tasks.stream().mapToLong(t -> t.shuffleWriteMetrics().writeTime()).sum() > 0);
    }
  }

  @Test
  void sparksTaskMetricsAreThoseOfALocalShuffle() throws Exception {
    Sums over;
    long stored;
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      over = sums(harness.context());
      stored =
          harness.committed.stream()
              .flatMapToLong(output -> LongStream.of(SegmentSeal.contentBytes(output.lengths())))
              .sum();
    }
    Sums local;
    SparkConf plain =
        new SparkConf()
            .setAppName("local shuffle")
            .setMaster("local[2]")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost");
    try (JavaSparkContext spark = new JavaSparkContext(plain)) {
      local = sums(spark);
    }

    assertThat(over).isEqualTo(local);
    assertThat(over.bytesWritten()).isEqualTo(stored);
    assertThat(over.hasWriteTime()).isTrue();
    assertThat(over.recordsRead()).isEqualTo(3 * RECORDS);
  }

  /** With each of the three writers. */
  private static Sums sums(JavaSparkContext spark) throws Exception {
    MetricsListener listener = new MetricsListener();
    spark.sc().addSparkListener(listener);
    JavaPairRDD<Integer, String> pairs =
        spark
            .parallelize(IntStream.range(0, RECORDS).boxed().toList(), MAPS)
            .mapToPair(i -> new Tuple2<>(i, "value " + i * 31));
    long bypass = pairs.partitionBy(partitioner(4)).count();
    long sort = pairs.sortByKey(true, 3).count();
    long combined = pairs.reduceByKey((a, b) -> a, 5).count();
    assertThat(List.of(bypass, sort, combined)).containsOnly((long) RECORDS);
    spark.sc().listenerBus().waitUntilEmpty(Duration.ofMinutes(5).toMillis());
    return Sums.of(listener.tasks);
  }

  @Test
  void requestsAreReportedByTaskStageAndApplication() throws Exception {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      MetricsListener listener = new MetricsListener();
      harness.context().sc().addSparkListener(listener);

      pairs(harness).partitionBy(partitioner(4)).count();

      harness.context().sc().listenerBus().waitUntilEmpty(Duration.ofMinutes(5).toMillis());
      ShuffleReport report = report(harness);
      assertThat(report.requests().put()).isEqualTo(MAPS);
      assertThat(report.requests().get()).isEqualTo(MAPS * 4);
      assertThat(report.requests().requests()).isEqualTo(harness.store.all());
      assertThat(report.requests().bytesIn())
          .isEqualTo(harness.committed.stream().mapToLong(MapOutput::totalBytes).sum());
      assertThat(report.dollars()).isCloseTo((5 * 5 + 20 * 0.4) / 1e6, within(1e-12));
      assertThat(listener.ofTasks).hasSize(MAPS + 4);
      assertThat(listener.sumOfTasks()).isEqualTo(report);
      assertThat(listener.ofStages)
          .hasSize(2)
          .last()
          .asString()
          .startsWith("shuffle 0 over S3: 5 PUT, 20 GET, 0 HEAD, 0 POST, 0 DELETE; ")
          .endsWith("; $0.000033");
    }
  }

  @Test
  void footersBrokenBodiesAndFailedAttemptsAreCounted() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.FOOTERS, Map.of())) {
      AtomicInteger segmentReads = new AtomicInteger();
      harness.store.beforeReads(
          (location, range) -> {
            if (range.end() < Long.MAX_VALUE && segmentReads.getAndIncrement() == 0) {
              throw new StoreUnavailable("Cannot read: down.", null);
            }
          });
      JavaPairRDD<Integer, String> shuffled = pairs(harness).partitionBy(partitioner(4));
      shuffled.count();

      // Reads of the failed attempt would take the cut and not live to tell: so in a second job.
      segmentReads.set(0);
      harness.store.beforeReads(
          (location, range) -> {
            if (range.end() < Long.MAX_VALUE && segmentReads.getAndIncrement() == 0) {
              harness.store.cutBodies(1, 100);
            }
          });
      shuffled.count();

      ShuffleReport report = report(harness);
      assertThat(report.requests().requests()).isEqualTo(harness.store.all());
      assertThat(report.footers()).isEqualTo((4 + 1 + 4) * MAPS); // one reduce task ran twice
      assertThat(report.brokenBodies()).isOne();
    }
  }

  @Test
  void outputsWithoutRequestsAreCountedToo() {
    Map<String, String> settings = Map.of("spark.letsdata.shuffle.inline-map-size", "64k");
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, settings)) {
      JavaPairRDD<Integer, String> shuffled = pairs(harness).partitionBy(partitioner(4));
      shuffled.count();

      ShuffleReport report = report(harness);
      assertThat(report.requests().requests()).isZero();
      assertThat(report.inlineOutputs()).isEqualTo(MAPS);
      assertThat(report.inlineBytes())
          .isEqualTo(harness.committed.stream().mapToLong(MapOutput::totalBytes).sum());
      assertThat(report.toString()).contains("; 5 outputs inline (").contains("$0.000000");
    }
  }

  @Test
  void removedShuffleStaysInTheAccount() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      pairs(harness).partitionBy(partitioner(4)).count();
      ShuffleReport before = report(harness);

      new S3ShuffleDriverComponents(() -> S3ShuffleDataIO.manager().driver())
          .removeShuffle(0, true);

      ShuffleReport after = report(harness);
      assertThat(after.requests().minus(before.requests()).delete()).isOne();
      assertThat(after.requests().get()).isEqualTo(MAPS * 4);
    }
  }

  private static ShuffleReport report(ShuffleHarness harness) {
    return ShuffleReports.of(harness.spark.sparkContext()).orElseThrow();
  }
}
