// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command, variables and folders of a function's process: AWS's own Java runtime client, whose
 * class loader reads the unpacked package as on AWS (its root and {@code lib/*.jar}; developer
 * guide, "Deploy Java Lambda functions with .zip or JAR file archives").
 *
 * @param serviceVariables variables of every function's environment, beside the function's own
 * @param temporary folder of the environment's own /tmp
 * @param log the environment's log, appended to
 */
@Internal
public record FunctionProcess(
    FunctionDefinition function,
    FunctionCode code,
    RuntimeHost host,
    Map<String, String> serviceVariables,
    Path temporary,
    Path log) {

  private static final String MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  // 1,024 descriptors (developer guide, "Lambda quotas"), hard, so that the JVM cannot raise it.
  private static final String LIMITED = "ulimit -n 1024 && exec \"$@\"";

  /** The process to start, which is not started yet. */
  ProcessBuilder command(String runtimeApi) throws IOException {
    Path tmp = Files.createDirectories(tmp());
    List<String> command = new ArrayList<>();
    if (host.mounts()) {
      command.addAll(EnvironmentDisk.before(disk(tmp)));
    }
    command.addAll(List.of("/bin/sh", "-c", LIMITED, "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(defaultFlags());
    command.add("-XX:-UsePerfData"); // its file below /tmp would outlive a SIGKILL
    command.add(
        "-D" + RuntimeLibrary.PROPERTY + "=" + RuntimeLibrary.unpack(host.jars(), temporary));
    command.addAll(List.of("-cp", host.jars().resolve("*").toString(), MAIN, function.handler()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(code.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(variables(runtimeApi));
    return builder;
  }

  /** The folder that the process takes for its /tmp; one of its own is mounted there. */
  private Path tmp() {
    return host.mounts() ? temporary.resolve("mount") : temporary;
  }

  private EnvironmentDisk.Disk disk(Path tmp) throws IOException {
    Optional<Path> root =
        host.ownsDisk()
            ? Optional.of(Files.createDirectories(temporary.resolve("root")))
            : Optional.empty();
    List<Path> shown = new ArrayList<>();
    shown.add(temporary);
    shown.add(code.root());
    shown.add(host.jars());
    shown.add(Path.of(System.getProperty("java.home")));
    code.archive().map(Path::toAbsolutePath).map(Path::getParent).ifPresent(shown::add);
    return new EnvironmentDisk.Disk(
        tmp, host.limitsTmp() ? function.ephemeralStorageMb() : 0, root, shown);
  }

  /**
   * Size of the files in its /tmp now, in bytes.
   *
   * @param pid id of its process, which may be the only one that sees them
   */
  long bytesInTmp(long pid) {
    Path seen =
        host.mounts() ? Path.of("/proc", pid + "/root" + tmp().toAbsolutePath()) : temporary;
    return ResourceUsage.bytesBelow(seen);
  }

  /**
   * The flags of the managed Java runtimes, unless the function sets its own: a heap of 85 % of the
   * memory, the serial collector, the first compiler tier only (developer guide, "Customize Java
   * runtime startup behavior for Lambda functions").
   */
  private List<String> defaultFlags() {
    String own = Optional.ofNullable(function.environment().get("JAVA_TOOL_OPTIONS")).orElse("");
    List<String> flags = new ArrayList<>();
    if (!own.contains("-Xmx") && !own.contains("MaxHeapSize") && !own.contains("MaxRAM")) {
      flags.add("-XX:MaxHeapSize=" + function.memoryMb() * 1024L * 85 / 100 + "k");
    }
    if (!own.matches("(?s).*-XX:\\+Use\\w+GC\\b.*")) {
      flags.add("-XX:+UseSerialGC");
    }
    if (!own.contains("TieredStopAtLevel") && !own.contains("TieredCompilation")) {
      flags.add("-XX:TieredStopAtLevel=1");
    }
    // The managed runtime starts with an archive of its own classes, SnapStart with more than that.
    if (!own.contains("-XX:SharedArchiveFile") && !own.contains("-XX:ArchiveClassesAtExit")) {
      code.archive()
          .ifPresent(
              file -> flags.addAll(List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + file)));
    }
    return flags;
  }

  /**
   * Developer guide, "Working with Lambda environment variables", "Defined runtime environment
   * variables".
   */
  private Map<String, String> variables(String runtimeApi) {
    Map<String, String> variables = new java.util.HashMap<>();
    variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    variables.put("LANG", "en_US.UTF-8");
    variables.put("TZ", ":UTC");
    variables.put("_HANDLER", function.handler());
    variables.put("LAMBDA_TASK_ROOT", code.root().toString());
    variables.put("AWS_LAMBDA_RUNTIME_API", runtimeApi);
    variables.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
    variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMb()));
    variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name());
    variables.put("AWS_LAMBDA_LOG_STREAM_NAME", log.getFileName().toString());
    variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + function.runtime());
    variables.put("AWS_REGION", "us-east-1");
    variables.put("AWS_DEFAULT_REGION", "us-east-1");
    variables.put("AWS_ACCESS_KEY_ID", host.identity().accessKey());
    variables.put("AWS_SECRET_ACCESS_KEY", host.identity().secretKey());
    variables.putAll(serviceVariables);
    variables.putAll(function.environment());
    // Every environment has a /tmp of its own on AWS. Here the JVM and TMPDIR know another folder;
    // the literal path /tmp is the machine's, unless the environment owns its disk.
    variables.put("TMPDIR", tmp().toString());
    variables.merge(
        "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + tmp(), (own, added) -> own + " " + added);
    return variables;
  }
}
