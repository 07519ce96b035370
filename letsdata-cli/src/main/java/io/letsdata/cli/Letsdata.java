// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli;

import io.letsdata.cli.classpath.ClasspathCommand;
import io.letsdata.cli.classpath.JvmOptionsCommand;
import io.letsdata.cli.demo.DemoCommand;
import io.letsdata.cli.gc.GcCommand;
import io.letsdata.cli.local.LocalCommand;
import io.letsdata.cli.output.OutputCommand;
import io.letsdata.cli.shared.BuildInfo;
import io.letsdata.cli.submit.SubmitCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command tree; does nothing by itself. */
@Command(
    name = "letsdata",
    versionProvider = Letsdata.Version.class,
    description = "Ordinary Spark code, every task in its own Lambda invocation.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Start here:  letsdata demo",
      "Then:        letsdata submit --local --class my.Job my.jar"
    },
    subcommands = {
      DemoCommand.class,
      LocalCommand.class,
      SubmitCommand.class,
      GcCommand.class,
      OutputCommand.class,
      ClasspathCommand.class,
      JvmOptionsCommand.class
    })
final class Letsdata implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the versions of letsdata, Spark and Java.")
  boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  boolean debug;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /** Prints what the build wrote down. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      BuildInfo build = BuildInfo.load();
      return new String[] {
        "letsdata "
            + build.version()
            + " (Spark "
            + build.sparkVersion()
            + ", Java "
            + Runtime.version()
            + ")"
      };
    }
  }
}
