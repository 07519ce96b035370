// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import io.letsdata.cli.local.LocalStack;
import io.letsdata.cli.local.StackOptions;
import io.letsdata.cli.shared.BuildInfo;
import io.letsdata.cli.shared.Distribution;
import io.letsdata.cli.shared.SparkConfFile;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.spark.rules.DriverAddress;
import io.letsdata.options.Internal;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code letsdata submit}: a user's jar as a driver, in a JVM of its own. */
@Command(
    name = "submit",
    description = "Run a class of a jar as a Spark driver whose tasks run in Lambda.",
    footer = {
      "",
      "Exits with the exit code of the job.",
      "Example:  letsdata submit --local --class my.Job my.jar s3://bucket/manifest.json"
    })
@Internal
public final class SubmitCommand implements Callable<Integer> {
  private static final String MASTER = "spark.master";

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--conf-file",
      paramLabel = "FILE",
      description = "Spark conf, as 'letsdata local up --conf FILE' writes it.")
  @Nullable Path confFile;

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description =
          "One setting; overrides the file. May be repeated. Secrets belong into the file: other"
              + " users can see this command line.")
  Map<String, String> conf = new LinkedHashMap<>();

  @Option(
      names = "--local",
      description = "Start a local stack for this run and stop it afterwards.")
  boolean local;

  @Mixin StackOptions stackOptions = new StackOptions();

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      required = true,
      description = "The class with the main method.")
  String mainClass = "";

  @Parameters(index = "0", paramLabel = "APP.JAR", description = "The jar; shipped to the workers.")
  Path jar = Path.of("");

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
    if (!Files.isRegularFile(jar)) {
      throw badUse("Cannot run " + jar + ": no such file");
    }
    Map<String, String> settings = new LinkedHashMap<>();
    if (confFile != null) {
      settings.putAll(SparkConfFile.read(confFile));
    }
    if (!local) {
      settings.putAll(conf);
      if (!settings.containsKey(MASTER)) {
        throw badUse("No " + MASTER + " is set; pass --conf-file FILE or --local");
      }
      return run(settings);
    }
    try (LocalStack stack = LocalStack.start(Distribution.current(), stackOptions)) {
      settings.putAll(stack.sparkConf());
      settings.putAll(conf);
      return run(settings);
    }
  }

  private int run(Map<String, String> settings) throws Exception {
    Distribution distribution = Distribution.current();
    Map<String, String> environment = new HashMap<>();
    Map<String, String> all = onLoopback(withJar(settings), environment);
    List<String> hidden = new ArrayList<>();
    if (all.containsKey("spark.driver.memory")) {
      hidden.add("-Xmx" + all.get("spark.driver.memory"));
    }
    all.forEach((key, value) -> hidden.add("-D" + key + "=" + value));
    try (ArgumentFile settingsFile = ArgumentFile.write(hidden)) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(BuildInfo.load().jvmOptions());
      command.add(settingsFile.argument());
      command.add("-Dlog4j.configurationFile=" + distribution.logConfiguration());
      command.add("-cp");
      command.add(
          distribution.driverLib().resolve("*") + File.pathSeparator + jar.toAbsolutePath());
      command.add(mainClass);
      command.addAll(arguments);
      return ChildProcess.run(command, environment);
    }
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

  /**
   * The settings that spark-submit would add: the jar for the workers and a name for the
   * application.
   */
  private Map<String, String> withJar(Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.merge("spark.jars", jar.toAbsolutePath().toString(), (jars, own) -> own + "," + jars);
    all.putIfAbsent("spark.app.name", mainClass);
    return all;
  }

  private ParameterException badUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
