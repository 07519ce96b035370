// SPDX-License-Identifier: Apache-2.0
package io.letsdata.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.VoidFunction;

/**
 * The last task of a training: links every class that the environment has loaded and ends its
 * process in an orderly way, at which the JVM writes the archive.
 *
 * <p>A class that was loaded but not linked is left out when it comes from a class loader of the
 * runtime client's kind (JDK 17: "Skipping …: Not linked"); a fifth of all were.
 */
final class LinkAndExit implements VoidFunction<Integer> {
  private final String classLog;

  /**
   * @param classLog file to which {@code -Xlog:class+load} of the process writes
   */
  LinkAndExit(String classLog) {
    this.classLog = classLog;
  }

  @Override
  public void call(Integer element) throws IOException {
    ClassLoader loader = SparkContext.class.getClassLoader();
    for (String line : Files.readAllLines(Path.of(classLog))) {
      if (line.contains(" source: file:")) {
        List<String> fields = List.of(line.strip().split(" +"));
        link(fields.get(fields.indexOf("source:") - 1), loader);
      }
    }
    System.exit(0);
  }

  private static void link(String name, ClassLoader loader) {
    try {
      // Reflection over members links a class without initializing it.
      var unused = Class.forName(name, false, loader).getDeclaredMethods();
    } catch (ClassNotFoundException | LinkageError e) {
      // A class of another loader, or one that refers to a library that workers do not have: it
      // stays out of the archive.
    }
  }
}
