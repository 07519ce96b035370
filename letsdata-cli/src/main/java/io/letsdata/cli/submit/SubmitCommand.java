// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.cli.local.LocalStack;
import io.letsdata.cli.local.StackOptions;
import io.letsdata.cli.shared.BuildInfo;
import io.letsdata.cli.shared.Distribution;
import io.letsdata.cli.shared.SparkConfFile;
import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.spark.rules.DriverAddress;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code letsdata submit}: Spark's own {@code spark-submit}, in a JVM of its own, with the class
 * path, the flags and the address of a driver whose tasks run in Lambda.
 */
@Command(
    name = "submit",
    description = "Run a class of a jar as a Spark driver whose tasks run in Lambda.",
    footer = {
      "",
      "Takes the options of spark-submit; without --conf-file, spark-defaults.conf of"
          + " SPARK_CONF_DIR or SPARK_HOME.",
      "Exits with the exit code of the job.",
      "Example:  letsdata submit --local --class my.Job my.jar s3://bucket/manifest.json"
    })
@Internal
public final class SubmitCommand implements Callable<Integer> {
  private static final String MASTER = "spark.master";
  private static final String SPARK_SUBMIT = "org.apache.spark.deploy.SparkSubmit";
  private static final String LAMBDA = "lambda://";

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"--conf-file", "--properties-file"},
      paramLabel = "FILE",
      description = "Spark conf, as 'letsdata local up --conf FILE' writes it.")
  @Nullable Path confFile;

  @Option(
      names = {"-c", "--conf"},
      paramLabel = "KEY=VALUE",
      description =
          "One setting; overrides the file. May be repeated. Secrets belong into the file: other"
              + " users can see this command line.")
  Map<String, String> conf = new LinkedHashMap<>();

  @Mixin SparkOptions sparkOptions = new SparkOptions();

  @Option(
      names = "--local",
      description = "Start a local stack for this run and stop it afterwards.")
  boolean local;

  @Mixin StackOptions stackOptions = new StackOptions();

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "The class with the main method (default: that of the jar's manifest).")
  @Nullable String mainClass;

  @Parameters(index = "0", paramLabel = "APP.JAR", description = "The jar; shipped to the workers.")
  String jar = "";

  @Parameters(index = "1..*", paramLabel = "ARG", description = "Arguments of the main method.")
  List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    stackOptions.check(spec);
    for (String key : conf.keySet()) {
      if (!key.startsWith("spark.")) {
        throw badUse("Invalid key in --conf: '" + key + "' (must start with 'spark.')");
      }
    }
    if (NamedFiles.isLocal(jar) && !Files.isRegularFile(NamedFiles.path(jar))) {
      throw badUse("Cannot run " + jar + ": no such file");
    }
    Path file = confFile != null ? confFile : SparkDefaults.file(System.getenv()).orElse(null);
    Map<String, String> settings = new LinkedHashMap<>();
    if (file != null) {
      settings.putAll(SparkConfFile.read(file));
    }
    if (!local) {
      return run(withOptions(settings));
    }
    try (LocalStack stack = LocalStack.start(Distribution.current(), stackOptions)) {
      settings.putAll(stack.sparkConf());
      return run(withOptions(settings));
    }
  }

  private Map<String, String> withOptions(Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(conf);
    all.putAll(sparkOptions.settings());
    String master = all.get(MASTER);
    if (master == null) {
      throw badUse("No " + MASTER + " is set; pass --conf-file FILE, --master URL or --local");
    }
    // spark-submit knows only masters with certain beginnings.
    all.put(MASTER, master.startsWith(LAMBDA) ? "local-" + master : master);
    return all;
  }

  /** With the digest of the package that was built with this command, for the driver's log. */
  private static Map<String, String> withBuild(
      Map<String, String> settings, Distribution distribution) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    if (LambdaSettings.isLambdaMaster(settings.getOrDefault(MASTER, ""))) {
      distribution
          .workerSha256()
          .ifPresent(digest -> all.putIfAbsent(LambdaOptions.BUILD_SHA256.key(), digest));
    }
    return all;
  }

  private int run(Map<String, String> settings) throws Exception {
    NamedFiles.check(settings);
    Distribution distribution = Distribution.current();
    DriverJvm jvm = new DriverJvm(settings, System.getenv());
    Map<String, String> environment = jvm.variables();
    List<String> flags = new ArrayList<>();
    flags.add("-Dlog4j.configurationFile=" + distribution.logConfiguration());
    flags.addAll(jvm.flags());
    try (PrivateFile flagsFile = PrivateFile.write(".args", ArgumentFile.content(flags));
        PrivateFile settingsFile =
            PrivateFile.write(
                ".conf", properties(onLoopback(withBuild(settings, distribution), environment)))) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(BuildInfo.load().jvmOptions());
      command.add("@" + flagsFile.path());
      command.add("-cp");
      command.add(jvm.classPath(distribution.driverLib()));
      command.add(SPARK_SUBMIT);
      command.add("--properties-file");
      command.add(settingsFile.path().toString());
      if (mainClass != null) {
        command.add("--class");
        command.add(mainClass);
      }
      command.add(NamedFiles.isLocal(jar) ? absolute(jar) : jar);
      command.addAll(arguments);
      return ChildProcess.run(command, environment);
    }
  }

  private static String absolute(String jar) {
    return NamedFiles.path(jar).toAbsolutePath().toString();
  }

  /** In the form that Spark reads: that of {@link Properties}, in UTF-8. */
  private static byte[] properties(Map<String, String> settings) throws IOException {
    Properties properties = new Properties();
    properties.putAll(settings);
    StringWriter text = new StringWriter();
    properties.store(text, "Written by letsdata submit");
    return text.toString().getBytes(UTF_8);
  }

  /**
   * The settings and variables with which a driver of tasks in Lambda, or of local tasks, listens
   * on the loopback interface; the user's own win.
   */
  private static Map<String, String> onLoopback(
      Map<String, String> settings, Map<String, String> environment) {
    String master = settings.getOrDefault(MASTER, "");
    boolean alone = LambdaSettings.isLambdaMaster(master) || master.startsWith("local");
    if (!alone || System.getenv(DriverAddress.LOCAL_IP) != null) {
      return settings;
    }
    Map<String, String> all = new LinkedHashMap<>(settings);
    DriverAddress.loopback().forEach(all::putIfAbsent);
    if (DriverAddress.isLoopback(all.getOrDefault(DriverAddress.BIND, ""))) {
      environment.put(DriverAddress.LOCAL_IP, DriverAddress.LOOPBACK); // for the UI
    }
    return all;
  }

  private ParameterException badUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
