// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.api.java.function.VoidFunction;

/** What {@code InvokeFaultsIT} and {@code SpeculationIT} run inside workers, or pretend to. */
public final class FaultTasks {
  private FaultTasks() {}

  public static VoidFunction<Iterator<Integer>> nothing() {
    return elements -> {};
  }

  /** Fails with the user's own words, after some to the log. */
  public static Function<Integer, Integer> failing() {
    return element -> {
      System.out.println("printed by the task");
      throw new IllegalStateException("the user's own words");
    };
  }

  /** Ends the process, after some words to the log. */
  public static Function<Integer, Integer> exiting() {
    return element -> {
      System.out.println("printed before the end");
      System.out.flush();
      Runtime.getRuntime().halt(3);
      return element;
    };
  }

  /** Never ends by itself. */
  public static Function<Integer, Integer> endless() {
    return element -> {
      TimeUnit.HOURS.sleep(1);
      return element;
    };
  }

  /** Passes elements on; one takes its time. */
  public static Function<Integer, Integer> slow(int which, long millis) {
    return element -> {
      if (element == which) {
        TimeUnit.MILLISECONDS.sleep(millis);
      }
      return element;
    };
  }

  /** Writes a file and its folders; says how that went. */
  public static Function<String, String> writing() {
    return path -> {
      Path file = Path.of(path).toAbsolutePath();
      try {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
        return "written";
      } catch (IOException e) {
        return e.toString();
      }
    };
  }

  /** Spills to where Spark spills, then passes elements on; cleans up after itself. */
  public static Function<Integer, Integer> spilling(int megabytes) {
    return element -> {
      File folder = SparkEnv.get().blockManager().diskBlockManager().localDirs()[0];
      Path file = Files.createTempFile(folder.toPath(), "spilled", "");
      try {
        byte[] megabyte = new byte[1 << 20];
        for (int i = 0; i < megabytes; i++) {
          Files.write(file, megabyte, StandardOpenOption.APPEND);
        }
      } finally {
        Files.delete(file);
      }
      return element;
    };
  }

  /** Passes rows on; the first attempt of one partition takes its time. */
  public static MapPartitionsFunction<Long, Long> straggler(int partition, long millis) {
    return rows -> {
      TaskContext task = TaskContext.get();
      if (task.partitionId() == partition && task.attemptNumber() == 0) {
        TimeUnit.MILLISECONDS.sleep(millis);
      }
      return rows;
    };
  }
}
