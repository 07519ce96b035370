// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.classpath;

import io.letsdata.cli.shared.BuildInfo;
import io.letsdata.executor.spark.rules.DriverAddress;
import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code letsdata jvm-options}. */
@Command(
    name = "jvm-options",
    description =
        "Print the JVM flags of a driver: those that Spark needs on Java 17, and those with which"
            + " it listens on this machine only.",
    footer = {
      "",
      "Example:  java $(letsdata jvm-options) -cp \"$(letsdata classpath):my.jar\" my.Job"
    })
@Internal
public final class JvmOptionsCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    List<String> options = new ArrayList<>(BuildInfo.load().jvmOptions());
    // The flags are the defaults of a SparkConf; the program's own settings win.
    new TreeMap<>(DriverAddress.loopback())
        .forEach((key, value) -> options.add("-D" + key + "=" + value));
    spec.commandLine().getOut().println(String.join(" ", options));
  }
}
