// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/**
 * A driver that runs a job, prints a line with its port, and then waits for the end of its standard
 * input.
 */
public final class ListeningApp {
  /** The line that it prints when its job is done. */
  public static final String READY = "said ready";

  private static final String PORT = "spark.driver.port";

  private ListeningApp() {}

  /** Needs no argument. */
  @SuppressWarnings("SystemOut") // read by the test
  public static void main(String[] args) throws IOException {
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      long rows = spark.range(0, 100, 1, 2).distinct().count();
      System.out.println(READY + " rows=" + rows + " port=" + spark.conf().get(PORT));
      System.out.flush();
      while (System.in.read() >= 0) {
        // Nothing is ever sent.
      }
    }
  }
}
