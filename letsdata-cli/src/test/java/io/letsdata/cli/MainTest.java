// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesEveryCommandAndWhereToStart() {
    assertThat(run("--help")).isZero();

    assertThat(out.toString())
        .contains(
            "demo",
            "local",
            "submit",
            "gc",
            "output",
            "classpath",
            "jvm-options",
            "Start here:  letsdata demo");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "local",
        "local up",
        "submit",
        "gc",
        "output",
        "output history",
        "output files",
        "output verify",
        "output rollback",
        "output expire",
        "classpath",
        "jvm-options"
      })
  void everyCommandHasHelp(String command) {
    assertThat(run((command + " --help").split(" ", -1))).isZero();

    assertThat(out.toString()).startsWith("Usage: letsdata " + command);
  }

  @Test
  void versionNamesSparkAndJava() {
    assertThat(run("--version")).isZero();

    assertThat(out.toString())
        .matches("letsdata 0\\.[^ ]+ \\(Spark 3\\.5\\.\\d+, Java \\d+.*\\)\\R");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                       | Missing command. See 'letsdata --help'.
          dmeo                                     | Unmatched argument at index 0: 'dmeo'. See 'letsdata --help'.
          local                                    | Missing command. See 'letsdata local --help'.
          demo --fils 3                            | Unknown options: '--fils', '3'. See 'letsdata demo --help'.
          demo --files many                        | Invalid value for option '--files': 'many' is not an int. See 'letsdata demo --help'.
          demo --files 0                           | Invalid value for --files: 0 (must be at least 1). See 'letsdata demo --help'.
          local up --concurrency 0                 | Invalid value for --concurrency: 0 (must be at least 1). See 'letsdata local up --help'.
          local up --memory 64                     | Invalid value for --memory: 64 (must be between 128 and 10240). See 'letsdata local up --help'.
          local up --debug-worker 70000            | Invalid value for --debug-worker: 70000 (must be between 1 and 65535). See 'letsdata local up --help'.
          gc                                       | Nothing to clean up: pass --run-location, --output or a conf with spark.letsdata.run.location. See 'letsdata gc --help'.
          gc --run-location s3://b/r --force       | --force needs --application. See 'letsdata gc --help'.
          gc --run-location /tmp                   | Invalid location '/tmp' (must be s3://<bucket>/<prefix>). See 'letsdata gc --help'.
          gc --output s3://b/o --older-than 1w     | Invalid value for option '--older-than': '1w' is no age (must be a number and s, m, h or d, such as 24h). See 'letsdata gc --help'.
          gc --output s3://b/o --older-than 5m     | Invalid value for --older-than: 5m (must be at least 15m: drivers give a sign of life every 5m). See 'letsdata gc --help'.
          output                                   | Missing command. See 'letsdata output --help'.
          output history                           | Missing required parameter: 'OUTPUT'. See 'letsdata output history --help'.
          output files /tmp                        | Invalid location '/tmp' (must be s3://<bucket>/<prefix>). See 'letsdata output files --help'.
          output expire s3://b/o --keep 0          | Invalid value for --keep: 0 (must be at least 1). See 'letsdata output expire --help'.
          output rollback s3://b/o                 | Missing required option: '--to=N'. See 'letsdata output rollback --help'.
          submit                                   | Missing required parameter: 'APP.JAR'. See 'letsdata submit --help'.
          submit app.jar                           | Cannot run app.jar: no such file. See 'letsdata submit --help'.
          submit --class A nowhere.jar             | Cannot run nowhere.jar: no such file. See 'letsdata submit --help'.
          submit --class A --conf x=1 nowhere.jar  | Invalid key in --conf: 'x' (must start with 'spark.'). See 'letsdata submit --help'.
          """)
  void badUseIsOneLineAndExitCodeTwo(String arguments, String message) {
    int exitCode = arguments.isEmpty() ? run() : run(arguments.split(" ", -1));

    assertThat(err.toString()).isEqualTo("letsdata: " + message + System.lineSeparator());
    assertThat(exitCode).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aJobWithoutAMasterIsBadUse(@TempDir Path folder) throws Exception {
    Path jar = Files.createFile(folder.resolve("my.jar"));

    assertThat(run("submit", "--class", "A", jar.toString())).isEqualTo(2);

    assertThat(err.toString())
        .contains("No spark.master is set; pass --conf-file FILE, --master URL or --local");
  }

  @Test
  void aFailureIsOneLineWithoutStackTraceAndExitCodeOne(@TempDir Path folder) throws Exception {
    Path jar = Files.createFile(folder.resolve("my.jar"));

    int exitCode =
        run(
            "submit",
            "--class",
            "A",
            "--conf-file",
            folder.resolve("no.conf").toString(),
            jar.toString());

    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .startsWith("letsdata: Cannot read conf file ")
        .contains("no such file");
  }

  @Test
  void debugShowsTheStackTraceOfAFailure(@TempDir Path folder) throws Exception {
    Path jar = Files.createFile(folder.resolve("my.jar"));

    run(
        "--debug",
        "submit",
        "--class",
        "A",
        "--conf-file",
        folder.resolve("no.conf").toString(),
        jar.toString());

    assertThat(err.toString())
        .contains("CliException", "\tat io.letsdata.cli.shared.SparkConfFile.read");
  }

  @Test
  void jvmOptionsAreTheFlagsThisTestRunsWithAndALoopbackAddress() {
    assertThat(run("jvm-options")).isZero();

    assertThat(out.toString())
        .contains("--add-opens=java.base/java.nio=ALL-UNNAMED")
        .contains("-Dspark.driver.bindAddress=127.0.0.1 -Dspark.driver.host=127.0.0.1")
        .doesNotContain("${", "\t")
        .hasLineCount(1);
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
