// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/**
 * Facts that the build stored about itself.
 *
 * @param version of this project
 * @param sparkVersion on the class path
 * @param jvmOptions flags that Spark needs to run on JDK 17, one an element
 */
@Internal
public record BuildInfo(String version, String sparkVersion, List<String> jvmOptions) {
  private static final String RESOURCE = "build.properties";

  /** Reads what the build stored beside this class. */
  public static BuildInfo load() {
    Properties properties = new Properties();
    try (InputStreamReader in =
        new InputStreamReader(
            Objects.requireNonNull(BuildInfo.class.getResourceAsStream(RESOURCE), RESOURCE),
            UTF_8)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BuildInfo(
        properties.getProperty("version", ""),
        properties.getProperty("sparkVersion", ""),
        List.of(properties.getProperty("jvmOptions", "").trim().split("\\s+", -1)));
  }
}
