// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** What runs in executors of their own; serializable, and nothing here starts a server. */
final class ClusterTasks {
  private ClusterTasks() {}

  /** Records too large for the driver's memory, 64 KiB a map at least. */
  static JavaPairRDD<Integer, byte[]> shuffledBlobs(
      JavaSparkContext spark, int records, int maps, int partitions) {
    return spark
        .parallelize(IntStream.range(0, records).boxed().toList(), maps)
        .mapToPair(i -> new Tuple2<>(i, random(i)))
        .partitionBy(new HashPartitioner(partitions));
  }

  /** As above, of outputs below 64 KiB, together too many for one answer, and a last larger one. */
  static JavaPairRDD<Integer, byte[]> shuffledSmallBlobs(
      JavaSparkContext spark, int records, int maps, int partitions) {
    return spark
        .parallelize(IntStream.range(0, records).boxed().toList(), maps)
        .mapToPair(i -> new Tuple2<>(i, random(i, i == records - 1 ? 64 << 10 : 4 << 10)))
        .partitionBy(new HashPartitioner(partitions));
  }

  /**
   * Shuffles two partitions once more, through {@code folder}. The first run of map 0 reads its
   * input, says so in a file {@code straggles}, and then hears nothing before there is {@code
   * release}; that of map 1 reads nothing before there is {@code deleted}.
   */
  static JavaPairRDD<Integer, byte[]> shuffledAgainWithAZombie(
      JavaPairRDD<Integer, byte[]> first, int partitions, Path folder) {
    String place = folder.toString();
    return first
        .mapPartitions(
            records -> {
              boolean isFirstRun = TaskContext.get().stageAttemptNumber() == 0;
              if (isFirstRun && TaskContext.getPartitionId() == 1) {
                awaitDeafly(Path.of(place, "deleted"));
              }
              List<Tuple2<Integer, byte[]>> read = new ArrayList<>();
              records.forEachRemaining(read::add);
              if (isFirstRun && TaskContext.getPartitionId() == 0) {
                Files.createFile(Path.of(place, "straggles"));
                awaitDeafly(Path.of(place, "release"));
              }
              return read.iterator();
            })
        .mapToPair(record -> record)
        .partitionBy(new HashPartitioner(partitions));
  }

  private static void awaitDeafly(Path file) {
    while (!Files.exists(file)) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        // The scheduler wants this run to end; a zombie does not listen.
      }
    }
  }

  /** The sum of all keys, by tasks that do nothing else. */
  static long sumOfKeys(JavaPairRDD<Integer, ?> shuffled) {
    return shuffled.map(record -> (long) record._1()).reduce(Long::sum);
  }

  private static byte[] random(int seed) {
    return random(seed, 4 << 10);
  }

  private static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /**
   * Requests that executors have sent to the store so far, by executor; of those that got one of
   * the tasks.
   */
  static Map<String, Long> requests(JavaSparkContext spark) {
    return spark
        .parallelize(IntStream.range(0, 16).boxed().toList(), 16)
        .mapToPair(
            i -> {
              RequestCounts counts = RequestMeter.PROCESS.counts();
              Thread.sleep(20); // so that no executor gets all
              return new Tuple2<>(
                  SparkEnv.get().executorId(),
                  counts.put() + counts.get() + counts.head() + counts.post() + counts.delete());
            })
        .collect()
        .stream()
        .collect(Collectors.toMap(Tuple2::_1, Tuple2::_2, Math::max));
  }

  /** Records of {@code maps} tasks, shuffled to {@code partitions}. */
  static JavaPairRDD<Integer, String> shuffled(
      JavaSparkContext spark, int records, int maps, int partitions) {
    return spark
        .parallelize(IntStream.range(0, records).boxed().toList(), maps)
        .mapToPair(i -> new Tuple2<>(i, "value " + i * 31))
        .partitionBy(new HashPartitioner(partitions));
  }

  /** The sum of all keys, and at the first start of partition 0 the end of its executor. */
  static long sumOfKeysWhileOneExecutorDies(JavaPairRDD<Integer, ?> shuffled, Path mark) {
    String file = mark.toString();
    return shuffled.mapPartitions(records -> sumOnceDead(records, Path.of(file))).reduce(Long::sum);
  }

  private static Iterator<Long> sumOnceDead(
      Iterator<? extends Tuple2<Integer, ?>> records, Path mark) {
    if (TaskContext.getPartitionId() == 0 && !Files.exists(mark)) {
      try {
        Files.createFile(mark);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Runtime.getRuntime().halt(9);
    }
    long sum = 0;
    while (records.hasNext()) {
      sum += records.next()._1();
    }
    return List.of(sum).iterator();
  }
}
