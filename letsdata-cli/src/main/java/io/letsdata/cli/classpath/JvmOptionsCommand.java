// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.classpath;

import io.letsdata.cli.shared.BuildInfo;
import io.letsdata.options.Internal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code letsdata jvm-options}. */
@Command(
    name = "jvm-options",
    description = "Print the JVM flags that Spark needs on Java 17.",
    footer = {
      "",
      "Example:  java $(letsdata jvm-options) -cp \"$(letsdata classpath):my.jar\" my.Job"
    })
@Internal
public final class JvmOptionsCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().getOut().println(String.join(" ", BuildInfo.load().jvmOptions()));
  }
}
