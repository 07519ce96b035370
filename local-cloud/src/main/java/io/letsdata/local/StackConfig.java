// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.local.access.AccessToken;
import io.letsdata.local.access.LocalIdentity;
import io.letsdata.local.access.OwnerOnlyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options as JSON, which {@link LocalCloud} writes and {@link LocalCloudMain} reads. Paths are
 * absolute.
 */
record StackConfig(
    String dist,
    List<Function> functions,
    String home,
    boolean removeHome,
    String dataDir,
    double requestsPerConcurrency,
    long idleMillis,
    long initMillis,
    @Nullable String payloadDump,
    int newEnvironments,
    boolean limitsTmp,
    boolean ownsDisk,
    long ownerPid,
    LocalIdentity identity,
    AccessToken adminToken) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** See {@link FunctionSpec}. */
  record Function(
      String definition,
      String zip,
      int concurrency,
      boolean reserved,
      @Nullable Integer memoryMb,
      @Nullable Integer timeoutSeconds,
      @Nullable Integer ephemeralStorageMb,
      Map<String, String> environment) {

    static Function of(FunctionSpec spec) {
      return new Function(
          absolute(spec.definition()),
          absolute(spec.zip()),
          spec.concurrency(),
          spec.reserved(),
          spec.memoryMb(),
          spec.timeoutSeconds(),
          spec.ephemeralStorageMb(),
          spec.environment());
    }
  }

  /**
   * @param ownerPid process whose end ends the stand-in; 0: none
   */
  static StackConfig of(
      LocalCloudOptions options,
      Path home,
      long ownerPid,
      LocalIdentity identity,
      AccessToken adminToken) {
    Path dataDir = options.dataDir();
    Path payloadDump = options.payloadDump();
    return new StackConfig(
        absolute(options.dist()),
        options.functions().stream().map(Function::of).toList(),
        absolute(home),
        options.home() == null,
        absolute(dataDir == null ? home.resolve("s3") : dataDir),
        options.limits().requestsPerConcurrency(),
        options.limits().idle().toMillis(),
        options.limits().init().toMillis(),
        payloadDump == null ? null : absolute(payloadDump),
        options.limits().newEnvironments(),
        options.limits().limitsTmp(),
        options.limits().ownsDisk(),
        ownerPid,
        identity,
        adminToken);
  }

  static StackConfig read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), StackConfig.class);
  }

  /** Only this user can read it. */
  void write(Path file) throws IOException {
    Path unused =
        OwnerOnlyFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }
}
