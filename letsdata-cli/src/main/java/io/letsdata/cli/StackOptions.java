package io.letsdata.cli;

import picocli.CommandLine.Option;

/** Options of every command that starts a local stack. */
final class StackOptions {
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
}
