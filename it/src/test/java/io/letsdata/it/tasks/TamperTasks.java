// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** A program that uses each kind of object of a run, and a class that must not be loaded by it. */
public final class TamperTasks {
  /** The results of {@link #everything}. */
  public static final List<Object> RESULTS = List.of(45L, 4_000_000L, 90L, 90L, 45L, 10_000L);

  /** Of both shuffles. */
  public static final int SHUFFLE_PARTITIONS = 2;

  private TamperTasks() {}

  /** Leaves a trace where it is loaded: in the driver's process or in a worker's. */
  public static final class Canary implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String trace;

    /**
     * @param trace the file that appears
     */
    public Canary(Path trace) {
      this.trace = trace.toString();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      Files.createFile(Path.of(trace));
    }
  }

  /** A broadcast, a result over its limit, a cached RDD that is read twice, two shuffles. */
  public static List<Object> everything(JavaSparkContext context) {
    List<Integer> ten = IntStream.range(0, 10).boxed().toList();
    Broadcast<List<Integer>> broadcast = context.broadcast(ten);
    JavaRDD<Integer> numbers = context.parallelize(ten, 2);
    List<Object> results = new ArrayList<>();
    results.add(numbers.map(i -> (long) broadcast.value().get(i)).reduce(Long::sum));
    results.add(
        context.parallelize(List.of(1), 1).map(i -> new byte[4_000_000]).collect().stream()
            .mapToLong(bytes -> bytes.length)
            .sum());
    JavaRDD<Integer> cached = numbers.map(i -> 2 * i).persist(StorageLevel.MEMORY_AND_DISK());
    results.add(cached.map(i -> (long) i).reduce(Long::sum));
    results.add(cached.map(i -> (long) i).reduce(Long::sum));
    results.add(
        numbers
            .mapToPair(i -> new Tuple2<>(i % 3, (long) i))
            .reduceByKey(Long::sum, SHUFFLE_PARTITIONS)
            .values()
            .reduce(Long::sum));
    results.add( // segments that are long enough for a class
        numbers
            .mapToPair(i -> new Tuple2<>(i % 2, "x".repeat(1_000)))
            .partitionBy(new HashPartitioner(SHUFFLE_PARTITIONS))
            .map(pair -> (long) pair._2().length())
            .reduce(Long::sum));
    return results;
  }
}
