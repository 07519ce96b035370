// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where an installed Spark keeps its settings (Utils.getDefaultPropertiesFile, 3.5.9). */
final class SparkDefaults {
  private SparkDefaults() {}

  /** The folder that SPARK_CONF_DIR, or else SPARK_HOME, names. */
  static Optional<Path> folder(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("SPARK_CONF_DIR"))
        .map(Path::of)
        .or(
            () ->
                Optional.ofNullable(environment.get("SPARK_HOME"))
                    .map(home -> Path.of(home, "conf")))
        .filter(Files::isDirectory);
  }

  /** The file {@code spark-defaults.conf}; absent when there is none. */
  static Optional<Path> file(Map<String, String> environment) {
    return folder(environment)
        .map(folder -> folder.resolve("spark-defaults.conf"))
        .filter(Files::isRegularFile);
  }
}
