// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.local;

import io.letsdata.local.FunctionSpec;
import io.letsdata.local.LocalCloudOptions;
import io.letsdata.options.Internal;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of every command that starts a local stack. */
@Internal
public final class StackOptions {
  private static final Duration DEBUGGER_TIMEOUT = Duration.ofMinutes(15);

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "Tasks in flight at once; each has a function environment (default: ${DEFAULT-VALUE}).")
  int concurrency;

  @Option(
      names = "--reserved-concurrency",
      description =
          "Treat --concurrency as the function's reserved concurrency: ten times it are its"
              + " requests a second, as on AWS (default: the account's limit, 10,000 a second).")
  boolean reserved;

  @Option(
      names = "--memory",
      paramLabel = "MB",
      description = "Memory of a function environment (default: that of create-function.json).")
  int memoryMb;

  @Option(
      names = "--debug-worker",
      paramLabel = "PORT",
      description =
          "Before its first task, the worker waits on this port for a Java debugger. Only one"
              + " environment runs, and --concurrency is ignored.")
  int debugPort;

  @Option(
      names = "--payloads",
      paramLabel = "DIR",
      description = "Keep the payload of each invocation as DIR/<function>/<request id>.json.")
  @Nullable Path payloads;

  /** The number of tasks in flight: the worker of a debug session has one port, so one process. */
  int concurrency() {
    return debugPort == 0 ? concurrency : 1;
  }

  /** The worker function with these options. */
  FunctionSpec worker(Path definition, Path zip) {
    FunctionSpec worker = FunctionSpec.of(definition, zip, concurrency());
    if (reserved) {
      worker = worker.withReservedConcurrency();
    }
    if (memoryMb > 0) {
      worker = worker.withMemoryMb(memoryMb);
    }
    if (debugPort > 0) {
      // Read by the java launcher; the function's own JAVA_TOOL_OPTIONS stays as it is.
      worker = worker.withEnvironment("JDK_JAVA_OPTIONS", debugFlag(debugPort));
    }
    return worker;
  }

  /** The stand-in with these options. */
  LocalCloudOptions stack(Path dist, FunctionSpec worker) {
    LocalCloudOptions.Builder options = LocalCloudOptions.builder(dist).function(worker);
    if (payloads != null) {
      options.payloadDump(payloads.toAbsolutePath());
    }
    if (debugPort > 0) {
      options.initLimit(DEBUGGER_TIMEOUT); // the JVM waits for the debugger within the init phase
    }
    return options.build();
  }

  private static String debugFlag(int port) {
    return "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:" + port;
  }

  /** Refuses what no function can have (AWS: 128 to 10,240 MB). */
  public void check(CommandSpec spec) {
    requireAtLeastOne(spec, "--concurrency", concurrency);
    if (memoryMb != 0 && (memoryMb < 128 || memoryMb > 10_240)) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for --memory: " + memoryMb + " (must be between 128 and 10240)");
    }
    if (debugPort < 0 || debugPort > 65_535) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for --debug-worker: " + debugPort + " (must be between 1 and 65535)");
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
