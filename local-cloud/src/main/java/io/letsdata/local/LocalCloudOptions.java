// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import io.letsdata.local.environment.EnvironmentDisk;
import io.letsdata.local.lambda.LambdaLimits;
import io.letsdata.options.Evolving;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options of a stand-in. Immutable; made by {@link #builder}. */
@Evolving
public final class LocalCloudOptions {
  private final Path dist;
  private final List<FunctionSpec> functions;
  private final @Nullable Path home;
  private final @Nullable Path dataDir;
  private final @Nullable Path payloadDump;
  private final LambdaLimits limits;
  private final boolean detached;

  private LocalCloudOptions(Builder builder) {
    this.dist = builder.dist;
    this.functions = List.copyOf(builder.functions);
    this.home = builder.home;
    this.dataDir = builder.dataDir;
    this.payloadDump = builder.payloadDump;
    this.limits =
        new LambdaLimits(
            builder.initLimit,
            builder.idleLimit,
            builder.requestsPerConcurrency,
            builder.newEnvironments,
            builder.limitsTmp,
            builder.ownsDisk);
    this.detached = builder.detached;
  }

  /**
   * No function, a temporary home, AWS's limits (10 requests a second per concurrency, 10 s of
   * init, 1,000 new environments), idle environments end after 10 min.
   *
   * @param dist folder with {@code lib}, {@code s3} and {@code runtime}: {@code
   *     local-cloud/target/dist} of the build
   */
  public static LocalCloudOptions of(Path dist) {
    return builder(dist).build();
  }

  /** Begins with the options of {@link #of}. */
  public static Builder builder(Path dist) {
    return new Builder(dist);
  }

  /** Whether this machine allows {@code limitTmp} and {@code ownDisk}. Takes milliseconds. */
  public static boolean canMount() {
    try {
      EnvironmentDisk.check();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  Path dist() {
    return dist;
  }

  List<FunctionSpec> functions() {
    return functions;
  }

  /** Null: a temporary folder, removed at the end. */
  @Nullable Path home() {
    return home;
  }

  /** Null: below home. */
  @Nullable Path dataDir() {
    return dataDir;
  }

  /** Null: payloads are not kept. */
  @Nullable Path payloadDump() {
    return payloadDump;
  }

  LambdaLimits limits() {
    return limits;
  }

  boolean detached() {
    return detached;
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private final Path dist;
    private final List<FunctionSpec> functions = new ArrayList<>();
    private @Nullable Path home;
    private @Nullable Path dataDir;
    private @Nullable Path payloadDump;
    private double requestsPerConcurrency = 10;
    private Duration idleLimit = Duration.ofMinutes(10);
    private Duration initLimit = Duration.ofSeconds(10);
    private int newEnvironments = 1_000;
    private boolean limitsTmp;
    private boolean ownsDisk;
    private boolean detached;

    private Builder(Path dist) {
      this.dist = dist;
    }

    /** Adds a function. With none the stand-in serves S3 only. */
    public Builder function(FunctionSpec function) {
      functions.add(function);
      return this;
    }

    /**
     * Folder for logs, unpacked packages and the environments' /tmp; it is kept at the end.
     * Default: a temporary folder, removed at the end.
     */
    public Builder home(Path folder) {
      this.home = folder;
      return this;
    }

    /**
     * Folder of the S3 objects; objects that are there already are served. Default: below the home.
     */
    public Builder dataDir(Path folder) {
      this.dataDir = folder;
      return this;
    }

    /** Keeps every payload as {@code <folder>/<function>/<request id>.json}. Default: none. */
    public Builder payloadDump(Path folder) {
      this.payloadDump = folder;
      return this;
    }

    /**
     * Request rate limit a second, per unit of a function's reserved concurrency, or of the
     * account's 1,000; 0: none. Default: 10.
     */
    public Builder requestsPerConcurrency(double limit) {
      this.requestsPerConcurrency = limit;
      return this;
    }

    /** Sets no request rate limit, for benchmarks. */
    public Builder noRateLimit() {
      return requestsPerConcurrency(0);
    }

    /** Time after which a frozen environment ends. Default: 10 min. */
    public Builder idleLimit(Duration limit) {
      this.idleLimit = limit;
      return this;
    }

    /** Time limit of the init phase. Default: 10 s. */
    public Builder initLimit(Duration limit) {
      this.initLimit = limit;
      return this;
    }

    /**
     * Environments that a function may start at once, and then in each 10 s; 0: no limit. Default:
     * 1,000.
     */
    public Builder newEnvironments(int limit) {
      this.newEnvironments = limit;
      return this;
    }

    /**
     * Makes an environment's /tmp as large as its EphemeralStorage: a file system in memory that
     * only its process sees. Needs root, or a kernel with user namespaces, see {@link #canMount};
     * the start fails otherwise. Default: no limit.
     */
    public Builder limitTmp() {
      this.limitsTmp = true;
      return this;
    }

    /**
     * Gives an environment a disk as on Lambda: its process sees a /tmp of its own, and every other
     * file system is read-only for it, the working directory too. Needs the same right as {@link
     * #limitTmp}. Default: the process writes where this user may.
     */
    public Builder ownDisk() {
      this.ownsDisk = true;
      return this;
    }

    /**
     * Lets the stand-in live on when the process that started it ends, until its own process is
     * ended. Default: it ends with that process.
     */
    public Builder detached() {
      this.detached = true;
      return this;
    }

    /** The options collected so far. */
    public LocalCloudOptions build() {
      return new LocalCloudOptions(this);
    }
  }
}
