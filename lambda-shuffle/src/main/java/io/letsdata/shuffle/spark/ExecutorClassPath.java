// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.options.UserErrorException;
import java.net.URL;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether executors can have this class when they start. Spark 3.5.9 makes an executor's
 * shuffle manager before it fetches the jars of {@code --jars} and {@code --packages}
 * (SparkEnv.create, Executor.updateDependencies): such executors fail with a ClassNotFoundException
 * in their own logs, one after the other, and the job waits. Stateless.
 */
final class ExecutorClassPath {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorClassPath.class);
  private static final String KEY = "spark.executor.extraClassPath";

  private ExecutorClassPath() {}

  /**
   * Looks at how this driver got the class.
   *
   * @throws UserErrorException when executors cannot have it; where an image may hold it, a warning
   *     is logged instead
   */
  static void check(SparkConf conf) {
    // Beside Spark: in the folder jars of its home, or on the class path of the process.
    // Classes from --jars and --packages have a loader of their own.
    if (S3ShuffleManager.class.getClassLoader() != SparkEnv.class.getClassLoader()) {
      String jar = jarName(S3ShuffleManager.class.getProtectionDomain().getCodeSource());
      Optional<String> warning = problem(conf, jar);
      warning.ifPresent(LOG::warn);
    }
  }

  /**
   * The problem when the driver has the class from {@code jar} by {@code --jars} or {@code
   * --packages} alone; empty when there is none.
   *
   * @throws UserErrorException when it cannot work
   */
  static Optional<String> problem(SparkConf conf, String jar) {
    String master = conf.get("spark.master", "");
    boolean hasExecutors = !master.matches("local|local\\[.*") && !master.contains("lambda://");
    if (!hasExecutors || isNamed(conf.get(KEY, ""), jar)) {
      return Optional.empty();
    }
    String what =
        "Cannot shuffle over S3 on master "
            + master
            + ": Spark makes an executor's shuffle manager before it fetches --jars and --packages, and "
            + KEY
            + " does not name "
            + jar
            + ". Set "
            + KEY
            + (master.equals("yarn") ? "=./" + jar + "." : " to where it is on the workers.");
    if (mayHoldIt(conf, master)) {
      return Optional.of(
          what + " If the executors' image or archive holds it among Spark's jars, all is well.");
    }
    throw new UserErrorException(what);
  }

  private static boolean mayHoldIt(SparkConf conf, String master) {
    return master.startsWith("k8s://")
        || conf.contains("spark.yarn.jars")
        || conf.contains("spark.yarn.archive");
  }

  private static boolean isNamed(String classPath, String jar) {
    return Arrays.stream(classPath.split(":"))
        .anyMatch(
            entry ->
                entry.endsWith("*") || entry.endsWith(jar) || entry.contains("lambda-shuffle"));
  }

  private static String jarName(CodeSource source) {
    URL place = source == null ? null : source.getLocation();
    String path = place == null ? "" : place.getPath();
    return path.endsWith(".jar")
        ? path.substring(path.lastIndexOf('/') + 1)
        : "lambda-shuffle-<version>-bundle.jar";
  }
}
