// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import io.letsdata.options.UserErrorException;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * The JVM of a driver: what Spark's launcher makes of {@code spark.driver.*}
 * (SparkSubmitCommandBuilder, 3.5.9). A running JVM cannot take them from its configuration.
 *
 * @param settings of the application
 * @param environment variables of this process
 */
record DriverJvm(Map<String, String> settings, Map<String, String> environment) {
  static final String MEMORY = "spark.driver.memory";
  private static final String DEFAULT_MEMORY = "1g"; // as spark-submit has it
  private static final String MEMORY_VARIABLE = "SPARK_DRIVER_MEMORY";
  private static final String DEFAULT_OPTIONS = "spark.driver.defaultJavaOptions";
  private static final String OPTIONS = "spark.driver.extraJavaOptions";
  private static final String CLASS_PATH = "spark.driver.extraClassPath";
  private static final String LIBRARY_PATH = "spark.driver.extraLibraryPath";
  private static final String LIBRARY_VARIABLE = "LD_LIBRARY_PATH";

  /**
   * The flags of heap and of the user, the user's last: the last of two flags wins.
   *
   * @throws UserErrorException when the memory is no size, or a flag sets it
   */
  List<String> flags() {
    List<String> flags = new ArrayList<>();
    flags.add(heap());
    for (String setting : List.of(DEFAULT_OPTIONS, OPTIONS)) {
      for (String flag : FlagSplitter.of(setting, settings.getOrDefault(setting, ""))) {
        if (flag.startsWith("-Xmx")) {
          throw new UserErrorException(
              "Cannot start the driver: "
                  + setting
                  + " has "
                  + flag
                  + ", which "
                  + MEMORY
                  + " decides. Remove the flag and set "
                  + MEMORY
                  + ".");
        }
        flags.add(flag);
      }
    }
    return flags;
  }

  /** The class path: the user's entries, folders of site files, then {@code libraries}. */
  String classPath(Path libraries) {
    List<String> entries = new ArrayList<>();
    Optional.ofNullable(settings.get(CLASS_PATH)).ifPresent(entries::add);
    SparkDefaults.folder(environment).map(Path::toString).ifPresent(entries::add);
    Optional.ofNullable(environment.get("HADOOP_CONF_DIR")).ifPresent(entries::add);
    entries.add(libraries.resolve("*").toString());
    return String.join(File.pathSeparator, entries);
  }

  /** Variables of the driver's process that differ from those of this one. */
  Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    String own = settings.get(LIBRARY_PATH);
    if (own != null) {
      String inherited = environment.getOrDefault(LIBRARY_VARIABLE, "");
      variables.put(
          LIBRARY_VARIABLE, inherited.isEmpty() ? own : own + File.pathSeparator + inherited);
    }
    return variables;
  }

  private String heap() {
    String memory =
        settings.getOrDefault(MEMORY, environment.getOrDefault(MEMORY_VARIABLE, DEFAULT_MEMORY));
    long mb = 0;
    try {
      // A number without a unit is in MB, as everywhere in Spark; the JVM would take it for bytes.
      mb = new SparkConf(false).set(MEMORY, memory).getSizeAsMb(MEMORY);
    } catch (IllegalArgumentException e) {
      // Not a size: refused below.
    }
    if (mb < 1) {
      throw new UserErrorException(
          "Invalid value for " + MEMORY + ": '" + memory + "' (must be a size such as 2g)");
    }
    return "-Xmx" + mb + "m";
  }
}
