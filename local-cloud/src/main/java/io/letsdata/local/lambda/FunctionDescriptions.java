// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import io.letsdata.local.environment.FunctionDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Responses of GetFunction and GetFunctionConfiguration (API reference, pages of these names). */
final class FunctionDescriptions {

  private FunctionDescriptions() {}

  static Map<String, Object> configuration(DeployedFunction deployed) {
    FunctionDefinition function = deployed.definition();
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("FunctionName", function.name());
    reply.put("FunctionArn", function.arn());
    reply.put("Runtime", function.runtime());
    reply.put("Handler", function.handler());
    reply.put("MemorySize", function.memoryMb());
    reply.put("Timeout", function.timeout().toSeconds());
    reply.put("Version", "$LATEST");
    reply.put("State", "Active");
    reply.put("LastUpdateStatus", "Successful");
    reply.put("PackageType", "Zip");
    reply.put("CodeSha256", deployed.codeSha256());
    reply.put("Architectures", List.of(function.architecture()));
    reply.put("EphemeralStorage", Map.of("Size", function.ephemeralStorageMb()));
    reply.put("Environment", Map.of("Variables", function.environment()));
    return reply;
  }

  static Map<String, Object> function(DeployedFunction function) {
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("Configuration", configuration(function));
    reply.put("Code", Map.of("RepositoryType", "S3"));
    reply.put("Concurrency", Map.of("ReservedConcurrentExecutions", function.concurrency()));
    return reply;
  }
}
