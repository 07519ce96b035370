// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.letsdata.cli.Main;
import io.letsdata.cli.shared.Distribution;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Child JVMs that run {@link Recorder} from a jar, as a user's job would. */
class SubmitCommandTest {
  @TempDir Path home = Path.of("");

  private final StringWriter err = new StringWriter();
  private Path jar = Path.of("");

  @BeforeEach
  void makeAJarAndAnEmptyDistribution() throws Exception {
    System.setProperty(Distribution.HOME, home.toString());
    Files.createDirectories(Distribution.current().driverLib());
    jar = home.resolve("my job.jar");
    String entry = Recorder.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file);
        InputStream code =
            Objects.requireNonNull(Recorder.class.getClassLoader().getResourceAsStream(entry))) {
      entries.putNextEntry(new JarEntry(entry));
      code.transferTo(entries);
    }
  }

  @AfterEach
  void forgetTheDistribution() {
    System.clearProperty(Distribution.HOME);
  }

  @Test
  void exitCodeOfTheJobIsTheExitCodeOfTheCommand() throws Exception {
    assertThat(submit("--conf", "spark.master=local", "--", "7")).isEqualTo(7);
    assertThat(submit("--conf", "spark.master=local", "--", "0")).isZero();
  }

  @Test
  void settingsReachTheJobAsSystemPropertiesAndTheOptionWinsOverTheFile() throws Exception {
    Path conf = home.resolve("spark.conf");
    Files.writeString(conf, "spark.master local-lambda://f\nspark.x from the file\nspark.y 1\n");

    submit("--conf-file", conf.toString(), "--conf", "spark.y=2", "--", "0");

    assertThat(recorded())
        .contains(
            "spark.master=local-lambda://f",
            "spark.x=from the file",
            "spark.y=2",
            "spark.app.name=" + Recorder.class.getName());
  }

  @Test
  void commandLineOfTheJobShowsNoSetting() throws Exception {
    Path conf = home.resolve("spark.conf");
    Files.writeString(conf, "spark.master local\nspark.my.password canary\n");

    submit("--conf-file", conf.toString(), "--conf", "spark.y=canary", "--", "0");

    List<String> recorded = recorded();
    assertThat(recorded).contains("spark.my.password=canary", "spark.y=canary");
    assertThat(commandLine(recorded))
        .contains(Recorder.class.getName())
        .doesNotContain("canary")
        .doesNotContain("-Dspark.");
  }

  @Test
  void settingsTravelInAFileThatOnlyItsUserReadsAndThatIsDeleted() throws Exception {
    submit("--conf", "spark.master=local", "--", "0");

    List<String> recorded = recorded();
    assertThat(recorded).contains("permissions rw-------");
    String name = commandLine(recorded).replaceFirst("(?s).* @(\\S+) .*", "$1");
    assertThat(name).endsWith(".args");
    assertThat(Path.of(name)).doesNotExist();
  }

  @Test
  void valueWithQuotesBackslashesAndLinesIsWhole() throws Exception {
    String value = "a \"b\" \\n 'c' #d $HOME\tand\nmore";

    submit("--conf", "spark.master=local", "--conf", "spark.x=" + value, "--", "0");

    assertThat(recorded()).contains("spark.x=" + value.replace("\n", "\\n"));
  }

  @Test
  void driverListensOnLoopbackUnlessTheUserNamesAnAddress() throws Exception {
    assumeThat(System.getenv("SPARK_LOCAL_IP")).isNull();

    submit("--conf", "spark.master=local-lambda://f", "--", "0");
    assertThat(recorded())
        .contains(
            "spark.driver.bindAddress=127.0.0.1",
            "spark.driver.host=127.0.0.1",
            "SPARK_LOCAL_IP 127.0.0.1");

    submit(
        "--conf",
        "spark.master=local-lambda://f",
        "--conf",
        "spark.driver.bindAddress=0.0.0.0",
        "--",
        "0");
    assertThat(recorded()).contains("spark.driver.bindAddress=0.0.0.0", "SPARK_LOCAL_IP null");
  }

  private static String commandLine(List<String> recorded) {
    return recorded.stream()
        .filter(line -> line.startsWith("command line "))
        .findFirst()
        .orElse("");
  }

  @Test
  void theJarIsShippedBeforeTheOnesTheUserNames() throws Exception {
    submit("--conf", "spark.master=local", "--conf", "spark.jars=/a.jar", "--", "0");

    assertThat(recorded()).contains("spark.jars=" + jar.toAbsolutePath() + ",/a.jar");
  }

  @Test
  void argumentsThatLookLikeOptionsGoToTheJob() throws Exception {
    submit("--conf", "spark.master=local", "--", "0", "--conf", "a b", "--help");

    assertThat(recorded()).contains("argument --conf", "argument a b", "argument --help");
  }

  @Test
  void aClassThatIsNotInTheJarFails() {
    int exitCode =
        Main.run(
            new PrintWriter(err),
            new PrintWriter(err),
            "submit",
            "--conf",
            "spark.master=local",
            "--class",
            "not.There",
            jar.toString());

    assertThat(exitCode).isEqualTo(1);
  }

  private int submit(String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("submit", "--class", Recorder.class.getName()));
    for (String option : options) {
      if (option.equals("--")) {
        args.add(jar.toString());
        args.add(home.resolve("recorded").toString());
      } else {
        args.add(option);
      }
    }
    return Main.run(new PrintWriter(err), new PrintWriter(err, true), args.toArray(String[]::new));
  }

  private List<String> recorded() throws IOException {
    return Files.readAllLines(home.resolve("recorded"));
  }

  /**
   * Writes what it was started with into the file that its first argument names; exits with the
   * second.
   */
  public static final class Recorder {
    private Recorder() {}

    public static void main(String[] args) throws IOException {
      List<String> lines = new ArrayList<>();
      for (String name : System.getProperties().stringPropertyNames()) {
        lines.add(name + "=" + System.getProperty(name).replace("\n", "\\n"));
      }
      for (String argument : args) {
        lines.add("argument " + argument);
      }
      lines.add("SPARK_LOCAL_IP " + System.getenv("SPARK_LOCAL_IP"));
      String[] command = Files.readString(Path.of("/proc/self/cmdline")).split("\0", -1);
      lines.add("command line " + String.join(" ", command).replace("\n", "\\n"));
      for (String argument : command) {
        if (argument.startsWith("@")) {
          lines.add(
              "permissions "
                  + PosixFilePermissions.toString(
                      Files.getPosixFilePermissions(Path.of(argument.substring(1)))));
        }
      }
      Files.write(Path.of(args[0]), lines);
      System.exit(Integer.parseInt(args[1]));
    }
  }
}
