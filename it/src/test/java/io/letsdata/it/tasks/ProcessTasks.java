// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;

/** Functions that look at the process in which they run. */
public final class ProcessTasks {
  private ProcessTasks() {}

  /** A value of a class that only this project has. */
  public record Value(int number) implements Serializable {}

  public static Function<Integer, Long> taskAttemptId() {
    return element -> TaskContext.get().taskAttemptId();
  }

  /** The name of the serializer's class. */
  public static Function<Integer, String> serializer() {
    return element -> SparkEnv.get().serializer().getClass().getName();
  }

  public static Function<String, String> systemProperty() {
    return key -> String.valueOf(System.getProperty(key));
  }

  /** The lines of all files of an added folder, by the folder's name. */
  public static Function<String, Long> linesOfFolder() {
    return name -> {
      long lines = 0;
      for (Path file : files(Path.of(SparkFiles.get(name)))) {
        lines += Files.readAllLines(file).size();
      }
      return lines;
    };
  }

  private static Path[] files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".txt")).toArray(Path[]::new);
    }
  }

  /** For {@code reflect} in SQL. */
  public static String hello() {
    return "hello";
  }
}
