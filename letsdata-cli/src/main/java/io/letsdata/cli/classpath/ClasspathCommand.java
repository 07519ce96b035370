// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.classpath;

import static java.util.stream.Collectors.joining;

import io.letsdata.cli.shared.Distribution;
import io.letsdata.options.Internal;
import java.io.File;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code letsdata classpath}. */
@Command(
    name = "classpath",
    description = "Print the class path of a driver: Spark and everything of ours that it needs.",
    footer = {
      "",
      "Example:  java $(letsdata jvm-options) -cp \"$(letsdata classpath):my.jar\" my.Job"
    })
@Internal
public final class ClasspathCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine()
        .getOut()
        .println(
            Distribution.current().driverJars().stream()
                .map(Path::toString)
                .collect(joining(File.pathSeparator)));
  }
}
