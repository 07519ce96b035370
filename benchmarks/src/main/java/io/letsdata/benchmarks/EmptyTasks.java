// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;

/** Jobs whose tasks do nothing: what is left is dispatch. */
public final class EmptyTasks {
  private EmptyTasks() {}

  /** A class of its own: a lambda would bring the class that holds it. */
  private static final class Nothing implements VoidFunction<Iterator<Integer>> {
    private static final long serialVersionUID = 1;

    @Override
    public void call(Iterator<Integer> elements) {}
  }

  /**
   * Runs one job of so many tasks and waits for its end.
   *
   * @return how long it took, in seconds
   */
  public static double run(JavaSparkContext spark, int tasks) {
    var elements = spark.parallelize(IntStream.range(0, tasks).boxed().toList(), tasks);
    long start = System.nanoTime();
    elements.foreachPartition(new Nothing());
    return (System.nanoTime() - start) / 1e9;
  }
}
