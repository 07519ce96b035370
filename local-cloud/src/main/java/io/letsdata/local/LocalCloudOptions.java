package io.letsdata.local;

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
        false);
  }

  /** The same with one more function. */
  public LocalCloudOptions withFunction(FunctionSpec function) {
    List<FunctionSpec> more = new ArrayList<>(functions);
    more.add(function);
    return copy(
        more, home, dataDir, requestsPerConcurrency, idleLimit, initLimit, payloadDump, detached);
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
        detached);
  }

  /** The same with another request rate limit; 0 for none. */
  public LocalCloudOptions withRequestsPerConcurrency(double value) {
    return copy(functions, home, dataDir, value, idleLimit, initLimit, payloadDump, detached);
  }

  /** The same without a request rate limit, for benchmarks. */
  public LocalCloudOptions withoutRateLimit() {
    return withRequestsPerConcurrency(0);
  }

  /** The same with another idle expiry. */
  public LocalCloudOptions withIdleLimit(Duration value) {
    return copy(
        functions, home, dataDir, requestsPerConcurrency, value, initLimit, payloadDump, detached);
  }

  /** The same with another limit of the init phase. */
  public LocalCloudOptions withInitLimit(Duration value) {
    return copy(
        functions, home, dataDir, requestsPerConcurrency, idleLimit, value, payloadDump, detached);
  }

  /** The same, keeping every payload as {@code <folder>/<function>/<request id>.json}. */
  public LocalCloudOptions withPayloadDump(Path folder) {
    return copy(
        functions, home, dataDir, requestsPerConcurrency, idleLimit, initLimit, folder, detached);
  }

  /** The same, living on when its starter ends. */
  public LocalCloudOptions asDetached() {
    return copy(
        functions, home, dataDir, requestsPerConcurrency, idleLimit, initLimit, payloadDump, true);
  }

  private LocalCloudOptions copy(
      List<FunctionSpec> functions,
      @Nullable Path home,
      @Nullable Path dataDir,
      double requestsPerConcurrency,
      Duration idleLimit,
      Duration initLimit,
      @Nullable Path payloadDump,
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
        detached);
  }
}
