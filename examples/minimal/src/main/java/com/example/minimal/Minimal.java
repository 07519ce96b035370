// SPDX-License-Identifier: Apache-2.0
package com.example.minimal;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/** Which number of Collatz steps is the most frequent below a million? */
public final class Minimal {
  private Minimal() {}

  public static void main(String[] args) {
    String output = args[0]; // such as s3://letsdata/steps
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      spark
          .range(1, 1_000_000, 1, 8) // 8 tasks, each in a Lambda invocation of its own
          .map((MapFunction<Long, Integer>) Minimal::steps, Encoders.INT())
          .groupBy(col("value").as("steps"))
          .count() // a shuffle through S3
          .write()
          .format("letsdata-s3")
          .option("format", "json")
          .mode("overwrite")
          .save(output); // visible by one conditional PUT, or not at all

      spark.read().format("letsdata-s3").load(output).orderBy(col("count").desc()).show(5);
    }
  }

  private static int steps(long number) {
    int steps = 0;
    for (long n = number; n != 1; n = n % 2 == 0 ? n / 2 : 3 * n + 1) {
      steps++;
    }
    return steps;
  }
}
