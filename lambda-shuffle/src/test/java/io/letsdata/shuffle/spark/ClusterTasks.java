package io.letsdata.shuffle.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** What runs in executors of their own; serializable, and nothing here starts a server. */
final class ClusterTasks {
  private ClusterTasks() {}

  /** Records of {@code maps} tasks, shuffled to {@code partitions}. */
  static JavaPairRDD<Integer, String> shuffled(
      JavaSparkContext spark, int records, int maps, int partitions) {
    return spark
        .parallelize(IntStream.range(0, records).boxed().toList(), maps)
        .mapToPair(i -> new Tuple2<>(i, "value " + i * 31))
        .partitionBy(new HashPartitioner(partitions));
  }

  /** The sum of all keys, and at the first start of partition 0 the end of its executor. */
  static long sumOfKeysWhileOneExecutorDies(JavaPairRDD<Integer, String> shuffled, Path mark) {
    String file = mark.toString();
    return shuffled.mapPartitions(records -> sumOnceDead(records, Path.of(file))).reduce(Long::sum);
  }

  private static Iterator<Long> sumOnceDead(Iterator<Tuple2<Integer, String>> records, Path mark) {
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
