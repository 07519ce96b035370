// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The definition of a function: the fields of {@code create-function.json} that the stand-in acts
 * on. The file has the shape of the input of {@code aws lambda create-function --cli-input-json},
 * so the same file deploys to AWS (API reference, "CreateFunction").
 *
 * @param architecture {@code x86_64} or {@code arm64}; reported only
 * @param environment the function's own variables
 */
@Internal
public record FunctionDefinition(
    String name,
    String runtime,
    String handler,
    String architecture,
    Size size,
    Map<String, String> environment) {

  /**
   * The resources of an environment.
   *
   * @param memoryMb 128 to 10,240
   * @param timeout 1 to 900 s
   * @param ephemeralStorageMb size of /tmp; only reported unless the stand-in limits /tmp
   */
  public record Size(int memoryMb, Duration timeout, int ephemeralStorageMb) {
    private static final Set<String> MEMBERS = Set.of("MemorySize", "Timeout", "EphemeralStorage");

    /**
     * The size after a change; absent members stay as they are.
     *
     * @param change in the shape of UpdateFunctionConfiguration's input
     * @throws IllegalArgumentException when it has a member of which a size knows nothing
     */
    public Size updated(JsonNode change) {
      change
          .fieldNames()
          .forEachRemaining(
              member -> {
                if (!MEMBERS.contains(member)) {
                  throw new IllegalArgumentException(
                      "Cannot change %s: the stand-in changes only %s."
                          .formatted(member, new TreeSet<>(MEMBERS)));
                }
              });
      return new Size(
          change.path("MemorySize").asInt(memoryMb),
          Duration.ofSeconds(change.path("Timeout").asLong(timeout.toSeconds())),
          change.path("EphemeralStorage").path("Size").asInt(ephemeralStorageMb));
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  public FunctionDefinition {
    environment = Map.copyOf(environment);
    if (size.memoryMb() < 128 || size.memoryMb() > 10_240) {
      throw new IllegalArgumentException(
          "Invalid MemorySize of function %s: %s (must be between 128 and 10240 MB)"
              .formatted(name, size.memoryMb()));
    }
    if (size.timeout().toSeconds() < 1 || size.timeout().toSeconds() > 900) {
      throw new IllegalArgumentException(
          "Invalid Timeout of function %s: %s (must be between 1 and 900 s)"
              .formatted(name, size.timeout().toSeconds()));
    }
    if (!runtime.startsWith("java")) {
      throw new IllegalArgumentException(
          "Invalid Runtime of function %s: '%s' (the stand-in runs java17 and other java runtimes)"
              .formatted(name, runtime));
    }
  }

  /**
   * Reads the file. Absent fields have AWS's defaults: 128 MB, 3 s, 512 MB of /tmp, x86_64.
   *
   * @throws IOException when it is not readable, not JSON or lacks FunctionName or Handler
   */
  public static FunctionDefinition read(Path file) throws IOException {
    JsonNode json = JSON.readTree(file.toFile());
    for (String field : new String[] {"FunctionName", "Handler"}) {
      if (json == null || !json.path(field).isTextual()) {
        throw new IOException(
            "Cannot read function definition %s: no %s. Give it the shape of CreateFunction's input."
                .formatted(file, field));
      }
    }
    Map<String, String> environment = new LinkedHashMap<>();
    json.path("Environment")
        .path("Variables")
        .fields()
        .forEachRemaining(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
    return new FunctionDefinition(
        json.get("FunctionName").asText(),
        json.path("Runtime").asText("java17"),
        json.get("Handler").asText(),
        json.path("Architectures").path(0).asText("x86_64"),
        new Size(
            json.path("MemorySize").asInt(128),
            Duration.ofSeconds(json.path("Timeout").asInt(3)),
            json.path("EphemeralStorage").path("Size").asInt(512)),
        environment);
  }

  /** Memory of an environment, in MB. */
  public int memoryMb() {
    return size.memoryMb();
  }

  /** Time limit of an invocation. */
  public Duration timeout() {
    return size.timeout();
  }

  /** Size of an environment's /tmp, in MB. */
  public int ephemeralStorageMb() {
    return size.ephemeralStorageMb();
  }

  /** The same function with another size and with variables added or replaced. */
  public FunctionDefinition with(Size newSize, Map<String, String> variables) {
    Map<String, String> merged = new LinkedHashMap<>(environment);
    merged.putAll(variables);
    return new FunctionDefinition(name, runtime, handler, architecture, newSize, merged);
  }

  /** Its ARN in the stand-in. */
  public String arn() {
    return "arn:aws:lambda:us-east-1:000000000000:function:" + name;
  }
}
