// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

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
 * @param jars folder of the runtime client
 * @param taskRoot the unpacked package
 * @param archive of classes, for the JVM to start with; ignored by a JVM that it does not fit
 * @param temporary the environment's own /tmp
 * @param log the environment's log, appended to
 * @param limitsTmp whether its /tmp is no larger than EphemeralStorage
 */
record FunctionProcess(
    FunctionDefinition function,
    Path jars,
    Path taskRoot,
    Optional<Path> archive,
    Path temporary,
    Path log,
    LocalIdentity identity,
    Map<String, String> serviceVariables,
    boolean limitsTmp) {

  private static final String MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  // 1,024 descriptors (developer guide, "Lambda quotas"), hard, so that the JVM cannot raise it.
  private static final String LIMITED = "ulimit -n 1024 && exec \"$@\"";

  /** What to spawn. */
  ProcessBuilder command(String runtimeApi) throws IOException {
    Path tmp = Files.createDirectories(tmp());
    List<String> command = new ArrayList<>();
    if (limitsTmp) {
      command.addAll(TmpMount.before(tmp, function.ephemeralStorageMb()));
    }
    command.addAll(List.of("/bin/sh", "-c", LIMITED, "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(defaultFlags());
    command.add("-XX:-UsePerfData"); // its file below /tmp would outlive a SIGKILL
    command.add("-D" + RuntimeLibrary.PROPERTY + "=" + RuntimeLibrary.unpack(jars, temporary));
    command.addAll(List.of("-cp", jars.resolve("*").toString(), MAIN, function.handler()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(taskRoot.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(variables(runtimeApi));
    return builder;
  }

  /** What it takes for its /tmp: a folder of its own, where a limited one is mounted. */
  private Path tmp() {
    return limitsTmp ? temporary.resolve("mount") : temporary;
  }

  /**
   * What its /tmp holds now, in bytes.
   *
   * @param pid of its process, which alone may see it
   */
  long bytesInTmp(long pid) {
    Path seen = limitsTmp ? Path.of("/proc", pid + "/root" + tmp().toAbsolutePath()) : temporary;
    return Usage.bytesBelow(seen);
  }

  /**
   * What the managed Java runtimes set unless the function says otherwise: a heap of 85 % of the
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
      archive.ifPresent(
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
    variables.put("LAMBDA_TASK_ROOT", taskRoot.toString());
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
    variables.put("AWS_ACCESS_KEY_ID", identity.accessKey());
    variables.put("AWS_SECRET_ACCESS_KEY", identity.secretKey());
    variables.putAll(serviceVariables);
    variables.putAll(function.environment());
    // Every environment has a /tmp of its own on AWS. Here the JVM's idea of it is replaced; the
    // literal path /tmp is the machine's.
    variables.put("TMPDIR", tmp().toString());
    variables.merge(
        "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + tmp(), (own, added) -> own + " " + added);
    return variables;
  }
}
