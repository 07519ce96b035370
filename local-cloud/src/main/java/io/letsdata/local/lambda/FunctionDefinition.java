// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a function is: the fields of {@code create-function.json} that the stand-in acts on. The
 * file has the shape of the input of {@code aws lambda create-function --cli-input-json}, so the
 * same file deploys to AWS (API reference, "CreateFunction").
 *
 * @param memoryMb 128 to 10,240
 * @param timeout 1 to 900 s
 * @param ephemeralStorageMb size of /tmp, where the stand-in is told to limit it; reported
 *     otherwise
 * @param architecture {@code x86_64} or {@code arm64}; reported only
 * @param environment the function's own variables
 */
public record FunctionDefinition(
    String name,
    String runtime,
    String handler,
    int memoryMb,
    Duration timeout,
    int ephemeralStorageMb,
    String architecture,
    Map<String, String> environment) {

  private static final ObjectMapper JSON = new ObjectMapper();

  public FunctionDefinition {
    environment = Map.copyOf(environment);
    if (memoryMb < 128 || memoryMb > 10_240) {
      throw new IllegalArgumentException(
          "Invalid MemorySize of function %s: %d (must be between 128 and 10240 MB)"
              .formatted(name, memoryMb));
    }
    if (timeout.toSeconds() < 1 || timeout.toSeconds() > 900) {
      throw new IllegalArgumentException(
          "Invalid Timeout of function %s: %d (must be between 1 and 900 s)"
              .formatted(name, timeout.toSeconds()));
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
        json.path("MemorySize").asInt(128),
        Duration.ofSeconds(json.path("Timeout").asInt(3)),
        json.path("EphemeralStorage").path("Size").asInt(512),
        json.path("Architectures").path(0).asText("x86_64"),
        environment);
  }

  /** The same function with other limits and with variables added or replaced. */
  public FunctionDefinition with(
      int memoryMb, Duration timeout, int ephemeralStorageMb, Map<String, String> variables) {
    Map<String, String> merged = new LinkedHashMap<>(environment);
    merged.putAll(variables);
    return new FunctionDefinition(
        name, runtime, handler, memoryMb, timeout, ephemeralStorageMb, architecture, merged);
  }

  /** The ARN under which the stand-in knows it. */
  public String arn() {
    return "arn:aws:lambda:us-east-1:000000000000:function:" + name;
  }
}
