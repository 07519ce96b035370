// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.letsdata.cli.Main;
import io.letsdata.cli.shared.Distribution;
import io.letsdata.fixtures.stack.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Drivers in child JVMs that run {@link Recorder} from a jar, as a user's job would. */
@Tag("slow") // it starts Spark in processes
class SubmitCommandTest {
  @TempDir Path home = Path.of("");

  private final StringWriter err = new StringWriter();
  private Path jar = Path.of("");

  @BeforeEach
  void makeAJarAndADistributionOfSparkAlone() throws Exception {
    System.setProperty(Distribution.HOME, home.toString());
    Path lib = Files.createDirectories(Distribution.current().driverLib());
    StringJoiner libraries = new StringJoiner(" ");
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.endsWith(".jar")) { // and not the folder that has the classes of this test
        libraries.add(Path.of(entry).toUri().toString());
      }
    }
    Manifest classPath = new Manifest();
    classPath.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    classPath.getMainAttributes().put(Attributes.Name.CLASS_PATH, libraries.toString());
    new JarOutputStream(Files.newOutputStream(lib.resolve("all.jar")), classPath).close();
    jar = jarOf("my job.jar", Recorder.class);
  }

  /** A jar with one class, whose manifest names it as the main class. */
  private Path jarOf(String name, Class<?> type) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, type.getName());
    String entry = type.getName().replace('.', '/') + ".class";
    Path file = home.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream entries = new JarOutputStream(out, manifest);
        InputStream code =
            Objects.requireNonNull(type.getClassLoader().getResourceAsStream(entry))) {
      entries.putNextEntry(new JarEntry(entry));
      code.transferTo(entries);
    }
    return file;
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
  void settingsTravelInFilesThatOnlyTheirUserReadsAndThatAreDeleted() throws Exception {
    submit("--conf", "spark.master=local", "--", "0");

    List<String> recorded = recorded();
    assertThat(recorded).filteredOn(line -> line.equals("permissions rw-------")).hasSize(2);
    String files = commandLine(recorded).replaceFirst("(?s).* @(\\S+) .*-file (\\S+) .*", "$1 $2");
    assertThat(files.split(" ", -1))
        .hasSize(2)
        .allSatisfy(file -> assertThat(Path.of(file)).doesNotExist());
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
  void jarIsShippedAfterTheOnesTheUserNames() throws Exception {
    Path extra = jarOf("extra.jar", Extra.class);

    submit("--conf", "spark.master=local", "--conf", "spark.jars=" + extra, "--", "0");

    assertThat(recorded())
        .contains("spark.jars=" + extra.toUri() + ",file:" + jar.toUri().getRawPath());
  }

  @ParameterizedTest
  @CsvSource({"--jars,''", "--conf,spark.jars="})
  void classesOfJarsAreInTheDriver(String option, String prefix) throws Exception {
    Path extra = jarOf("extra.jar", Extra.class);
    String name = Extra.class.getName();

    submit("--master", "local", option, prefix + extra, "--", "0", name);

    assertThat(recorded()).contains("loaded " + name);
  }

  @Test
  void jarsOfAConfFileAreInTheDriver() throws Exception {
    Path extra = jarOf("extra.jar", Extra.class);
    Path conf = home.resolve("spark.conf");
    Files.writeString(conf, "spark.master local\nspark.jars " + extra.toUri() + "\n");
    String name = Extra.class.getName();

    submit("--properties-file", conf.toString(), "--", "0", name);

    assertThat(recorded()).contains("loaded " + name);
  }

  @Test
  void classesOfPackagesAreInTheDriver() throws Exception {
    Path folder = Files.createDirectories(home.resolve("repository/com/example/extra/1.0"));
    Files.move(jarOf("extra.jar", Extra.class), folder.resolve("extra-1.0.jar"));
    Path settings =
        Files.writeString(
            home.resolve("ivy.xml"),
            "<ivysettings><settings defaultResolver='r'/><resolvers>"
                + "<ibiblio name='r' m2compatible='true' usepoms='false' root='"
                + home.resolve("repository").toUri()
                + "'/></resolvers></ivysettings>");
    String name = Extra.class.getName();

    submit(
        "--master",
        "local",
        "--packages",
        "com.example:extra:1.0",
        "--conf",
        "spark.jars.ivySettings=" + settings,
        "--conf",
        "spark.jars.ivy=" + home.resolve("ivy"),
        "--",
        "0",
        name);

    assertThat(recorded())
        .contains("loaded " + name)
        .anyMatch(line -> line.startsWith("spark.jars=") && line.contains("extra-1.0.jar"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark.jars", "spark.files", "spark.archives", "spark.submit.pyFiles"})
  void fileThatIsMissingIsRefused(String setting) throws Exception {
    for (String name : List.of("/no/such.jar", "file:/no/such.jar", "/no/*.jar", "" + home)) {
      assertThat(submit("--master", "local", "--conf", setting + "=" + jar + "," + name, "--", "0"))
          .isEqualTo(1);

      assertThat(err.toString())
          .isEqualTo(
              "letsdata: Cannot start the driver: "
                  + setting
                  + " names "
                  + name
                  + ", and there is no such file. Correct the path.\n");
      err.getBuffer().setLength(0);
    }
    assertThat(home.resolve("recorded")).doesNotExist();
  }

  @Test
  void mainClassOfTheManifestIsTheDefault() throws Exception {
    String recorded = home.resolve("recorded").toString();

    assertThat(run("submit", "--master", "local", jar.toString(), recorded, "3")).isEqualTo(3);
  }

  @Test
  void settingsOfTheDriverReachItsJvm() throws Exception {
    submit(
        "--master",
        "lambda://f",
        "--name",
        "my name",
        "--driver-memory",
        "300m",
        "--conf",
        "spark.driver.defaultJavaOptions=-Dx=default",
        "--driver-java-options",
        "-Dx=own -Dy='a \"b\" c' -Dlog4j.configurationFile=mine",
        "--driver-class-path",
        "/first",
        "--driver-library-path",
        "/native",
        "--",
        "0");

    assertThat(recorded())
        .contains("jvm -Xmx300m", "x=own", "y=a \"b\" c", "log4j.configurationFile=mine")
        .contains("spark.app.name=my name", "spark.master=local-lambda://f")
        .anyMatch(line -> line.startsWith("java.class.path=/first:"))
        .anyMatch(line -> line.startsWith("LD_LIBRARY_PATH /native"));
  }

  @Test
  void memoryWithoutAUnitIsInMegabytes() throws Exception {
    submit("--master", "local", "--conf", "spark.driver.memory=512", "--", "0");

    assertThat(recorded()).contains("jvm -Xmx512m");
  }

  @Test
  void argumentsThatLookLikeOptionsGoToTheJob() throws Exception {
    submit("--conf", "spark.master=local", "--", "0", "--conf", "a b", "--help");

    assertThat(recorded()).contains("argument --conf", "argument a b", "argument --help");
  }

  @Test
  void classThatIsNotInTheJarFailsAsWithSparkSubmit() {
    String name = "not.There";

    assertThat(run("submit", "--master", "local", "--class", name, jar.toString())).isEqualTo(101);
  }

  @Test
  void clusterModeIsRefusedBySpark() throws Exception {
    assertThat(submit("--master", "local", "--deploy-mode", "cluster", "--", "0")).isEqualTo(1);
  }

  private int submit(String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("submit", "--class", Recorder.class.getName()));
    if (!String.join(" ", options).contains("avaOptions")) {
      args.addAll(List.of("--driver-java-options", ChildJvm.extraJavaOptions()));
    }
    for (String option : options) {
      if (option.equals("--")) {
        args.add(jar.toString());
        args.add(home.resolve("recorded").toString());
      } else {
        args.add(option);
      }
    }
    return run(args.toArray(String[]::new));
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(err), new PrintWriter(err, true), arguments);
  }

  private List<String> recorded() throws IOException {
    return Files.readAllLines(home.resolve("recorded"));
  }

  /**
   * Writes what it was started with into the file that its first argument names; exits with the
   * second; loads the class that the third names.
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
      if (args.length == 3) {
        try {
          lines.add("loaded " + Class.forName(args[2]).getName());
        } catch (ClassNotFoundException e) {
          lines.add("not found " + args[2]);
        }
      }
      for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
        lines.add("jvm " + flag);
      }
      lines.add("SPARK_LOCAL_IP " + System.getenv("SPARK_LOCAL_IP"));
      lines.add("LD_LIBRARY_PATH " + System.getenv("LD_LIBRARY_PATH"));
      String[] command = Files.readString(Path.of("/proc/self/cmdline")).split("\0", -1);
      lines.add("command line " + String.join(" ", command).replace("\n", "\\n"));
      for (String argument : command) {
        if (argument.startsWith("@") || argument.endsWith(".conf")) {
          lines.add(
              "permissions "
                  + PosixFilePermissions.toString(
                      Files.getPosixFilePermissions(Path.of(argument.replace("@", "")))));
        }
      }
      Files.write(Path.of(args[0]), lines);
      System.exit(Integer.parseInt(args[1]));
    }
  }

  /** A class of another jar. */
  public static final class Extra {
    private Extra() {}
  }
}
