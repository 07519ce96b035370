// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.options.Internal;
import io.letsdata.options.UserErrorException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.launcher.JavaModuleOptions;
import scala.Tuple2;

/**
 * Settings of Spark that describe long-lived executors. Those on which a program may depend are
 * refused, those that only size a cluster are named in a warning; none is ignored silently. Pure.
 */
@Internal
public final class SettingRules {
  /** Refused when true: they would need a connection between processes, or a key in a payload. */
  private static final Map<String, String> SWITCHES =
      Map.ofEntries(
          Map.entry(
              "spark.io.encryption.enabled",
              "its key would have to travel in payloads; use bucket encryption (SSE-S3 or SSE-KMS)"
                  + " and the encryption of the function's /tmp"),
          Map.entry(
              "spark.network.crypto.enabled",
              "Spark's processes open no connections to each other; the Lambda and S3 APIs use"
                  + " TLS"),
          Map.entry(
              "spark.dynamicAllocation.enabled",
              "environments start and end by themselves; bound them with "
                  + LambdaOptions.CONCURRENCY),
          Map.entry("spark.shuffle.service.enabled", "shuffle is in S3 and outlives every worker"),
          Map.entry("spark.shuffle.push.enabled", "shuffle is in S3"),
          Map.entry("spark.decommission.enabled", "no worker lives longer than its invocation"),
          Map.entry(
              "spark.excludeOnFailure.enabled",
              "a slot is no machine, and excluding slots would only lose concurrency"),
          Map.entry(
              "spark.blacklist.enabled",
              "a slot is no machine, and excluding slots would only lose concurrency"));

  /** Refused when set at all. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "spark.executor.extraClassPath",
          "an environment has the class path of the function's package. Add jars with spark.jars or"
              + " SparkContext.addJar, or put them into the function's package or a layer",
          "spark.executor.extraLibraryPath",
          "an environment has the libraries of the function's package. Put them there or in a"
              + " layer",
          "spark.executor.defaultJavaOptions",
          "the function's JVM is started by Lambda. Set JAVA_TOOL_OPTIONS of the function",
          "spark.repl.class.uri",
          "classes that a shell compiles lie in the driver, which no worker can reach. Build a jar"
              + " and run it with spark-submit, or add it with spark.jars");

  private static final Map<String, String> REFUSED_PREFIXES =
      Map.of(
          "spark.task.resource.",
          "functions have no devices to hand out",
          "spark.executor.resource.",
          "functions have no devices to hand out",
          "spark.kerberos.",
          "no delegation tokens are sent to workers; they use the function's role");

  /** Only the function's own definition decides these. */
  private static final Map<String, String> SIZES =
      Map.of(
          "spark.executor.memory", "the function's memory decides",
          "spark.executor.memoryOverhead", "the function's memory decides",
          "spark.executor.memoryOverheadFactor", "the function's memory decides",
          "spark.executor.pyspark.memory", "the function's memory decides",
          "spark.executor.cores", "an invocation runs one task",
          "spark.executor.instances", LambdaOptions.CONCURRENCY + " decides",
          "spark.cores.max", LambdaOptions.CONCURRENCY + " decides");

  /** Spark's setting of an executor's JVM flags; some are honored, see {@link #check}. */
  public static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";

  /** The worker sets the first ones when the session begins; the function has the others. */
  private static final Pattern DEFAULTS =
      Pattern.compile(
          "-Duser\\.(timezone|language|country)=\\S+|(?i:-D(file|sun\\.jnu)\\.encoding=UTF-?8)");

  private static final String ENVIRONMENT = "spark.executorEnv.";

  private SettingRules() {}

  /**
   * @throws UserErrorException for the first setting that cannot be honored
   */
  static void check(SparkConf conf) {
    for (Tuple2<String, String> entry : conf.getAll()) {
      String key = entry._1();
      String why = SWITCHES.get(key);
      if (why != null && conf.getBoolean(key, false)) {
        throw unsupported(key, why + ". Unset it.");
      }
      if (REFUSED.containsKey(key)) {
        throw unsupported(key, REFUSED.get(key) + ".");
      }
      REFUSED_PREFIXES.forEach(
          (prefix, reason) -> {
            if (key.startsWith(prefix)) {
              throw unsupported(key, reason + ". Unset it.");
            }
          });
      // PySpark sets the seed for workers in Python, which there are none of.
      if (key.startsWith(ENVIRONMENT) && !key.equals(ENVIRONMENT + "PYTHONHASHSEED")) {
        throw unsupported(
            key, "an environment has the variables of the function. Set them on the function.");
      }
    }
    javaOptions(conf);
    if (conf.get("spark.hadoop.hadoop.security.authentication", "simple").equals("kerberos")) {
      throw unsupported(
          "spark.hadoop.hadoop.security.authentication=kerberos",
          REFUSED_PREFIXES.get("spark.kerberos.") + ". Unset it.");
    }
    if (conf.get("spark.sql.catalogImplementation", "in-memory").equals("hive")) {
      throw unsupported(
          "spark.sql.catalogImplementation=hive (enableHiveSupport)",
          "the function has no Hive classes. Read the tables' files, or name a catalog with"
              + " spark.sql.catalog.<name>.");
    }
  }

  /** Spark adds its own options to the setting before any master is asked (SparkContext, 3.5.9). */
  private static void javaOptions(SparkConf conf) {
    List<String> users = new ArrayList<>();
    List<String> sparks = List.of(JavaModuleOptions.defaultModuleOptions().split("\\s+", -1));
    for (String option : conf.get(JAVA_OPTIONS, "").strip().split("\\s+", -1)) {
      boolean own =
          option.isEmpty()
              || sparks.contains(option)
              || option.startsWith("-Djava.net.preferIPv6Addresses=")
              || DEFAULTS.matcher(option).matches();
      if (!own) {
        users.add(option);
      }
    }
    if (!users.isEmpty()) {
      // Options may hold secrets: their values are not repeated.
      throw unsupported(
          JAVA_OPTIONS,
          "the function's JVM is started by Lambda. Set JAVA_TOOL_OPTIONS of the function. Only"
              + " -Duser.timezone, -Duser.language, -Duser.country and -Dfile.encoding=UTF-8 are"
              + " taken from a session.");
    }
  }

  /** Settings that have no effect here, with what decides instead. */
  public static Map<String, String> withoutEffect(SparkConf conf) {
    Map<String, String> found = new LinkedHashMap<>();
    for (Tuple2<String, String> entry : conf.getAll()) {
      String decides = SIZES.get(entry._1());
      if (decides != null) {
        found.put(entry._1(), decides);
      }
    }
    return found;
  }

  private static UserErrorException unsupported(String key, String why) {
    return new UserErrorException("Cannot start: " + key + " is not supported on Lambda: " + why);
  }
}
