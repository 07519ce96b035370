// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** What {@code SubmitIT} submits: prints one line for each thing that spark-submit was told. */
public final class SubmittedApp {
  private SubmittedApp() {}

  /**
   * Asks workers for a file, a class of another jar and a row count.
   *
   * @param args name of a file, name of a class
   */
  public static void main(String[] args) {
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      say("master", spark.sparkContext().master());
      say("rows", String.valueOf(spark.range(0, 100, 1, 2).distinct().count()));
      say("file", context.parallelize(List.of(args[0])).map(Tasks.contentOfFile()).first());
      say("serializer", context.parallelize(List.of(1), 1).map(ProcessTasks.serializer()).first());
      say("jar", context.parallelize(List.of(args[1])).map(ProgramTasks.callByName()).first());
    }
  }

  @SuppressWarnings("SystemOut") // read by the test
  private static void say(String what, String value) {
    System.out.println("said " + what + "=" + value);
  }
}
