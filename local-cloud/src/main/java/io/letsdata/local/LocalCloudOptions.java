// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import io.letsdata.local.lambda.TmpMount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a stand-in shall be. Immutable; begin with {@link #of}.
 *
 * @param dist folder with {@code lib}, {@code s3} and {@code runtime}: {@code
 *     local-cloud/target/dist} of the build
 * @param functions may be empty: S3 only
 * @param home for logs, unpacked packages and the environments' /tmp; kept at the end. Null: a
 *     temporary folder, removed at the end
 * @param dataDir where S3 objects are kept. Null: below home
 * @param requestsPerConcurrency request rate limit a second, per unit of a function's concurrency;
 *     0: none
 * @param idleLimit after which a frozen environment ends
 * @param initLimit of the init phase
 * @param payloadDump every payload is kept there, when not null
 * @param newEnvironments how many a function may start at once and then in 10 s; AWS: 1,000; 0: no
 *     limit
 * @param limitsTmp whether an environment's /tmp is as large as EphemeralStorage says; needs the
 *     right to mount
 * @param detached true: it lives on when its starter ends, until its process is ended by someone
 */
public record LocalCloudOptions(
    Path dist,
    List<FunctionSpec> functions,
    @Nullable Path home,
    @Nullable Path dataDir,
    double requestsPerConcurrency,
    Duration idleLimit,
    Duration initLimit,
    @Nullable Path payloadDump,
    int newEnvironments,
    boolean limitsTmp,
    boolean detached) {

  public LocalCloudOptions {
    functions = List.copyOf(functions);
  }

  /**
   * No function, a temporary home, AWS's limits (10 requests a second per concurrency, 10 s of
   * init), environments idle for 10 min.
   */
  public static LocalCloudOptions of(Path dist) {
    return new LocalCloudOptions(
        dist,
        List.of(),
        null,
        null,
        10,
        Duration.ofMinutes(10),
        Duration.ofSeconds(10),
        null,
        1_000,
        false,
        false);
  }

  /** The same with one more function. */
  public LocalCloudOptions withFunction(FunctionSpec function) {
    List<FunctionSpec> more = new ArrayList<>(functions);
    more.add(function);
    return copy(
        more,
        home,
        dataDir,
        requestsPerConcurrency,
        idleLimit,
        initLimit,
        payloadDump,
        newEnvironments,
        limitsTmp,
        detached);
  }

  /** The same with a home that is kept. */
  public LocalCloudOptions withHome(Path folder) {
    return copy(
        functions,
        folder,
        dataDir,
        requestsPerConcurrency,
        idleLimit,
        initLimit,
        payloadDump,
        newEnvironments,
        limitsTmp,
        detached);
  }

  /** The same with S3 objects kept in {@code folder}: those that are there already are served. */
  public LocalCloudOptions withDataDir(Path folder) {
    return copy(
        functions,
        home,
        folder,
        requestsPerConcurrency,
        idleLimit,
        initLimit,
        payloadDump,
        newEnvironments,
        limitsTmp,
        detached);
  }

  /** The same with another request rate limit; 0 for none. */
  public LocalCloudOptions withRequestsPerConcurrency(double value) {
    return copy(
        functions,
        home,
        dataDir,
        value,
        idleLimit,
        initLimit,
        payloadDump,
        newEnvironments,
        limitsTmp,
        detached);
  }

  /** The same without a request rate limit, for benchmarks. */
  public LocalCloudOptions withoutRateLimit() {
    return withRequestsPerConcurrency(0);
  }

  /** The same with another idle expiry. */
  public LocalCloudOptions withIdleLimit(Duration value) {
    return copy(
        functions,
        home,
        dataDir,
        requestsPerConcurrency,
        value,
        initLimit,
        payloadDump,
        newEnvironments,
        limitsTmp,
        detached);
  }

  /** The same with another limit of the init phase. */
  public LocalCloudOptions withInitLimit(Duration value) {
    return copy(
        functions,
        home,
        dataDir,
        requestsPerConcurrency,
        idleLimit,
        value,
        payloadDump,
        newEnvironments,
        limitsTmp,
        detached);
  }

  /** The same, keeping every payload as {@code <folder>/<function>/<request id>.json}. */
  public LocalCloudOptions withPayloadDump(Path folder) {
    return copy(
        functions,
        home,
        dataDir,
        requestsPerConcurrency,
        idleLimit,
        initLimit,
        folder,
        newEnvironments,
        limitsTmp,
        detached);
  }

  /** The same with another limit of new environments at once, and in each 10 s after. */
  public LocalCloudOptions withNewEnvironments(int atOnce) {
    return copy(
        functions,
        home,
        dataDir,
        requestsPerConcurrency,
        idleLimit,
        initLimit,
        payloadDump,
        atOnce,
        limitsTmp,
        detached);
  }

  /** Whether this machine lets us limit /tmp. Takes milliseconds. */
  public static boolean canLimitTmp() {
    try {
      TmpMount.check();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The same with environments whose /tmp is no larger than their function's EphemeralStorage: a
   * file system in memory, mounted where nobody else sees it. Needs root, or a kernel that lets
   * users make namespaces, see {@link #canLimitTmp}; the start fails otherwise.
   */
  public LocalCloudOptions withTmpLimit() {
    return copy(
        functions,
        home,
        dataDir,
        requestsPerConcurrency,
        idleLimit,
        initLimit,
        payloadDump,
        newEnvironments,
        true,
        detached);
  }

  /** The same, living on when its starter ends. */
  public LocalCloudOptions asDetached() {
    return copy(
        functions,
        home,
        dataDir,
        requestsPerConcurrency,
        idleLimit,
        initLimit,
        payloadDump,
        newEnvironments,
        limitsTmp,
        true);
  }

  private LocalCloudOptions copy(
      List<FunctionSpec> functions,
      @Nullable Path home,
      @Nullable Path dataDir,
      double requestsPerConcurrency,
      Duration idleLimit,
      Duration initLimit,
      @Nullable Path payloadDump,
      int newEnvironments,
      boolean limitsTmp,
      boolean detached) {
    return new LocalCloudOptions(
        dist,
        functions,
        home,
        dataDir,
        requestsPerConcurrency,
        idleLimit,
        initLimit,
        payloadDump,
        newEnvironments,
        limitsTmp,
        detached);
  }
}
