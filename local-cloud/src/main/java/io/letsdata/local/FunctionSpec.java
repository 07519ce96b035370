// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import io.letsdata.options.Evolving;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function for the stand-in to serve.
 *
 * @param definition {@code create-function.json}, in the shape of CreateFunction's input
 * @param zip the deployment package
 * @param concurrency number of environments that may exist at once; more invocations are throttled
 * @param reserved whether this concurrency is reserved: its request rate is then ten times it a
 *     second, and that of the account's 1,000 otherwise
 * @param memoryMb instead of the definition's MemorySize, when not null
 * @param timeoutSeconds instead of the definition's Timeout, when not null
 * @param ephemeralStorageMb instead of the definition's EphemeralStorage, when not null
 * @param environment variables added to, or replacing, those of the definition
 */
@Evolving
public record FunctionSpec(
    Path definition,
    Path zip,
    int concurrency,
    boolean reserved,
    @Nullable Integer memoryMb,
    @Nullable Integer timeoutSeconds,
    @Nullable Integer ephemeralStorageMb,
    Map<String, String> environment) {

  public FunctionSpec {
    environment = Map.copyOf(environment);
    if (concurrency < 1) {
      throw new IllegalArgumentException(
          "Invalid concurrency for %s: %s (must be at least 1)".formatted(definition, concurrency));
    }
  }

  /** A function with the size and the variables of its definition. */
  public static FunctionSpec of(Path definition, Path zip, int concurrency) {
    return new FunctionSpec(definition, zip, concurrency, false, null, null, null, Map.of());
  }

  /** The same with its concurrency as a reserved one. */
  public FunctionSpec withReservedConcurrency() {
    return new FunctionSpec(
        definition,
        zip,
        concurrency,
        true,
        memoryMb,
        timeoutSeconds,
        ephemeralStorageMb,
        environment);
  }

  /** The same with another memory size. */
  public FunctionSpec withMemoryMb(int value) {
    return new FunctionSpec(
        definition,
        zip,
        concurrency,
        reserved,
        value,
        timeoutSeconds,
        ephemeralStorageMb,
        environment);
  }

  /** The same with another timeout. */
  public FunctionSpec withTimeoutSeconds(int value) {
    return new FunctionSpec(
        definition, zip, concurrency, reserved, memoryMb, value, ephemeralStorageMb, environment);
  }

  /** The same with another size of /tmp. */
  public FunctionSpec withEphemeralStorageMb(int value) {
    return new FunctionSpec(
        definition, zip, concurrency, reserved, memoryMb, timeoutSeconds, value, environment);
  }

  /** The same with one more variable. */
  public FunctionSpec withEnvironment(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new FunctionSpec(
        definition, zip, concurrency, reserved, memoryMb, timeoutSeconds, ephemeralStorageMb, more);
  }
}
