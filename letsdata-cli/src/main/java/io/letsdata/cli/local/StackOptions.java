package io.letsdata.cli.local;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of every command that starts a local stack. */
public final class StackOptions {
  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "Tasks in flight at once; each has a function environment (default: ${DEFAULT-VALUE}).")
  int concurrency;

  @Option(
      names = "--memory",
      paramLabel = "MB",
      description = "Memory of a function environment (default: what the worker's build says).")
  int memoryMb;

  /** Refuses what no function can have (AWS: 128 to 10,240 MB). */
  public void check(CommandSpec spec) {
    requireAtLeastOne(spec, "--concurrency", concurrency);
    if (memoryMb != 0 && (memoryMb < 128 || memoryMb > 10_240)) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for --memory: " + memoryMb + " (must be between 128 and 10240)");
    }
  }

  /** Refuses a value of {@code option} that is less than 1. */
  public static void requireAtLeastOne(CommandSpec spec, String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for " + option + ": " + value + " (must be at least 1)");
    }
  }
}
