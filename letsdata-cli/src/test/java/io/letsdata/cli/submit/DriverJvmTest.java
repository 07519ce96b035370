// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.UserErrorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriverJvmTest {
  @ParameterizedTest
  @CsvSource({"2048,2048m", "2g,2048m", "1536m,1536m", "4GB,4096m", "1048576k,1024m"})
  void memoryIsReadAsSparkReadsIt(String memory, String flag) {
    assertThat(jvm("spark.driver.memory", memory).flags()).containsExactly("-Xmx" + flag);
  }

  @Test
  void memoryOfTheEnvironmentIsTheDefaultAndElseThatOfSparkSubmit() {
    Map<String, String> environment = Map.of("SPARK_DRIVER_MEMORY", "3g");

    assertThat(new DriverJvm(Map.of(), environment).flags()).containsExactly("-Xmx3072m");
    assertThat(new DriverJvm(Map.of("spark.driver.memory", "2g"), environment).flags())
        .containsExactly("-Xmx2048m");
    assertThat(new DriverJvm(Map.of(), Map.of()).flags()).containsExactly("-Xmx1024m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lots", "0", "-1g", "1.5g", ""})
  void memoryThatIsNoSizeIsRefused(String memory) {
    assertThatThrownBy(() -> jvm("spark.driver.memory", memory).flags())
        .isInstanceOf(UserErrorException.class)
        .hasMessage(
            "Invalid value for spark.driver.memory: '" + memory + "' (must be a size such as 2g)");
  }

  @Test
  void heapAmongTheFlagsIsRefused() {
    assertThatThrownBy(() -> jvm("spark.driver.extraJavaOptions", "-Da=1 -Xmx4g").flags())
        .isInstanceOf(UserErrorException.class)
        .hasMessage(
            "Cannot start the driver: spark.driver.extraJavaOptions has -Xmx4g, which"
                + " spark.driver.memory decides. Remove the flag and set spark.driver.memory.");
  }

  @Test
  void foldersOfSiteFilesAreOnTheClassPath(@TempDir Path home) throws Exception {
    Path conf = Files.createDirectory(home.resolve("conf"));
    Path defaults = conf.resolve("spark-defaults.conf");
    Map<String, String> environment =
        Map.of("SPARK_HOME", home.toString(), "HADOOP_CONF_DIR", "/etc/hadoop");

    assertThat(SparkDefaults.file(environment)).isEmpty();
    Files.writeString(defaults, "spark.a 1\n");

    assertThat(SparkDefaults.file(environment)).contains(defaults);
    assertThat(SparkDefaults.file(Map.of("SPARK_CONF_DIR", conf.toString()))).contains(defaults);
    assertThat(SparkDefaults.file(Map.of())).isEmpty();
    assertThat(new DriverJvm(Map.of(), environment).classPath(Path.of("/lib")))
        .isEqualTo(conf + ":/etc/hadoop:/lib/*");
  }

  private static DriverJvm jvm(String key, String value) {
    return new DriverJvm(Map.of(key, value), Map.of());
  }
}
