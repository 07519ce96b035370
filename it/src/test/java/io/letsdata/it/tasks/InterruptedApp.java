// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** A driver program that {@code InterruptIT} ends while its tasks run. */
public final class InterruptedApp {
  private InterruptedApp() {}

  /** Settings are system properties. */
  public static void main(String[] arguments) {
    try (JavaSparkContext spark = new JavaSparkContext(new SparkConf())) {
      List<Integer> never = spark.parallelize(List.of(1, 2), 2).map(FaultTasks.endless()).collect();
      System.out.println(never);
    }
  }
}
