// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code spark-submit} that stand for a setting; they win over {@code --conf}. */
final class SparkOptions {
  private final Map<String, String> settings = new LinkedHashMap<>();

  /** The settings of the options that were given. */
  Map<String, String> settings() {
    return settings;
  }

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Such as local-lambda://<function>; by default that of the conf file.")
  void master(@Nullable String value) {
    set("spark.master", value);
  }

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the application.")
  void name(@Nullable String value) {
    set("spark.app.name", value);
  }

  @Option(
      names = "--jars",
      paramLabel = "JAR,...",
      description = "More jars for the driver and the workers.")
  void jars(@Nullable String value) {
    set("spark.jars", value);
  }

  @Option(
      names = "--packages",
      paramLabel = "GROUP:NAME:VERSION,...",
      description = "Maven artifacts for the driver and the workers, with their dependencies.")
  void packages(@Nullable String value) {
    set("spark.jars.packages", value);
  }

  @Option(
      names = "--exclude-packages",
      paramLabel = "GROUP:NAME,...",
      description = "Dependencies of --packages to leave out.")
  void excludePackages(@Nullable String value) {
    set("spark.jars.excludes", value);
  }

  @Option(
      names = "--repositories",
      paramLabel = "URL,...",
      description = "More repositories for --packages.")
  void repositories(@Nullable String value) {
    set("spark.jars.repositories", value);
  }

  @Option(
      names = "--files",
      paramLabel = "FILE,...",
      description = "Files for the working folder of the tasks.")
  void files(@Nullable String value) {
    set("spark.files", value);
  }

  @Option(
      names = "--archives",
      paramLabel = "FILE,...",
      description = "Archives to unpack for the tasks.")
  void archives(@Nullable String value) {
    set("spark.archives", value);
  }

  @Option(names = "--py-files", paramLabel = "FILE,...", hidden = true)
  void pyFiles(@Nullable String value) {
    set("spark.submit.pyFiles", value);
  }

  @Option(
      names = "--driver-memory",
      paramLabel = "SIZE",
      description = "Heap of the driver (default: 1g).")
  void driverMemory(@Nullable String value) {
    set(DriverJvm.MEMORY, value);
  }

  @Option(
      names = "--driver-java-options",
      paramLabel = "FLAGS",
      description = "More flags for the driver's JVM.")
  void driverJavaOptions(@Nullable String value) {
    set("spark.driver.extraJavaOptions", value);
  }

  @Option(
      names = "--driver-class-path",
      paramLabel = "PATH",
      description = "Entries before all others of the driver's class path.")
  void driverClassPath(@Nullable String value) {
    set("spark.driver.extraClassPath", value);
  }

  @Option(
      names = "--driver-library-path",
      paramLabel = "PATH",
      description = "Folders of native libraries for the driver.")
  void driverLibraryPath(@Nullable String value) {
    set("spark.driver.extraLibraryPath", value);
  }

  @Option(names = "--deploy-mode", paramLabel = "MODE", hidden = true)
  void deployMode(@Nullable String value) {
    set("spark.submit.deployMode", value);
  }

  @Option(names = "--executor-memory", paramLabel = "SIZE", hidden = true)
  void executorMemory(@Nullable String value) {
    set("spark.executor.memory", value);
  }

  @Option(names = "--executor-cores", paramLabel = "N", hidden = true)
  void executorCores(@Nullable String value) {
    set("spark.executor.cores", value);
  }

  @Option(names = "--num-executors", paramLabel = "N", hidden = true)
  void numExecutors(@Nullable String value) {
    set("spark.executor.instances", value);
  }

  @Option(names = "--total-executor-cores", paramLabel = "N", hidden = true)
  void totalExecutorCores(@Nullable String value) {
    set("spark.cores.max", value);
  }

  private void set(String key, @Nullable String value) {
    if (value != null) { // picocli calls each setter once to clear it
      settings.put(key, value);
    }
  }
}
