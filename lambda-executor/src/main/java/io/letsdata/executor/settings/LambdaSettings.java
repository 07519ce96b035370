// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The session's settings of the Lambda master, checked. Immutable.
 *
 * @param function name or ARN of the worker function, from the master URL
 * @param endpoint of the Lambda API; absent means AWS's own
 * @param region of the function; absent means the SDK's default chain
 * @param concurrency tasks in flight at most
 * @param runLocation prefix for the objects of all runs
 * @param keepRun leave the run's objects after the application ends
 * @param payloadLimitBytes larger payloads travel through the store
 * @param inlineLimitBytes larger blobs of a payload travel through the store, once a stage
 * @param storeResponseAfter tasks that run longer store their response as well
 * @param killWatchAfter tasks that run longer look for the driver's kill flag, one HEAD at first
 * @param unreachableTimeout how long a Lambda API that refuses connections is tried
 * @param unavailableTimeout how long Lambda may send everything back before stages are given up
 * @param timeoutsPerTask a partition that ran into the function's time limit so often aborts its
 *     stage
 * @param fallbackTimeout the function's time limit where GetFunctionConfiguration is not allowed
 * @param store how the store is reached
 */
public record LambdaSettings(
    String function,
    Optional<URI> endpoint,
    Optional<String> region,
    int concurrency,
    ObjectLocation runLocation,
    boolean keepRun,
    long payloadLimitBytes,
    long inlineLimitBytes,
    Duration storeResponseAfter,
    Duration killWatchAfter,
    Duration unreachableTimeout,
    Duration unavailableTimeout,
    int timeoutsPerTask,
    Duration fallbackTimeout,
    StoreSettings store) {

  public static final String ENDPOINT = "spark.letsdata.lambda.endpoint";
  static final String REGION = "spark.letsdata.lambda.region";
  static final String CONCURRENCY = "spark.letsdata.lambda.concurrency";
  public static final String PAYLOAD_LIMIT = "spark.letsdata.lambda.payload-limit";
  static final String INLINE_LIMIT = "spark.letsdata.lambda.inline-limit";
  static final String STORE_RESPONSE_AFTER = "spark.letsdata.lambda.store-response-after";
  static final String KILL_WATCH_AFTER = "spark.letsdata.lambda.kill-watch-after";
  static final String UNREACHABLE_TIMEOUT = "spark.letsdata.lambda.unreachable-timeout";
  public static final String UNAVAILABLE_TIMEOUT = "spark.letsdata.lambda.unavailable-timeout";
  static final String TIMEOUTS_PER_TASK = "spark.letsdata.lambda.timeouts-per-task";
  static final String FUNCTION_TIMEOUT = "spark.letsdata.lambda.function-timeout";
  static final String RUN_LOCATION = "spark.letsdata.run.location";
  static final String KEEP_RUN = "spark.letsdata.run.keep";

  /** Every key this module reads. */
  public static final List<String> KEYS =
      List.of(
          ENDPOINT,
          REGION,
          CONCURRENCY,
          PAYLOAD_LIMIT,
          INLINE_LIMIT,
          STORE_RESPONSE_AFTER,
          KILL_WATCH_AFTER,
          UNREACHABLE_TIMEOUT,
          UNAVAILABLE_TIMEOUT,
          TIMEOUTS_PER_TASK,
          FUNCTION_TIMEOUT,
          RUN_LOCATION,
          KEEP_RUN);

  /** The prefix that is ours; an unknown key under it is an error. */
  public static final String PREFIX = "spark.letsdata.";

  private static final long MAX_PAYLOAD_BYTES = 6L * 1024 * 1024;

  /**
   * Whether a master URL is ours: {@code lambda://f}, or {@code local-lambda://f} for spark-submit.
   */
  public static boolean isLambdaMaster(String master) {
    return master.startsWith("lambda://") || master.startsWith("local-lambda://");
  }

  /**
   * Reads and checks the settings. No request.
   *
   * @param master the master URL
   * @param lookup a setting by key
   * @throws InvalidSetting naming key, value and remedy
   */
  public static LambdaSettings from(String master, Function<String, Optional<String>> lookup) {
    String function = master.substring(master.indexOf("://") + 3);
    if (function.isEmpty() || function.contains("/")) {
      throw new InvalidSetting(
          "Cannot start: master '" + master + "' names no function. Use lambda://<function-name>.");
    }
    ObjectLocation run =
        lookup
            .apply(RUN_LOCATION)
            .map(LambdaSettings::location)
            .orElseThrow(
                () ->
                    new InvalidSetting(
                        "Cannot start: "
                            + RUN_LOCATION
                            + " is not set. Set it to s3://<bucket>/<prefix>, where shuffle,"
                            + " broadcasts and results of the run may lie."));
    return new LambdaSettings(
        function,
        lookup.apply(ENDPOINT).map(value -> uri(ENDPOINT, value)),
        lookup.apply(REGION),
        (int) Settings.number(CONCURRENCY, lookup.apply(CONCURRENCY), 8, 1, 100_000),
        run,
        Settings.flag(KEEP_RUN, lookup.apply(KEEP_RUN), false),
        Settings.bytes(
            PAYLOAD_LIMIT, lookup.apply(PAYLOAD_LIMIT), 5L << 20, 4096, MAX_PAYLOAD_BYTES),
        Settings.bytes(INLINE_LIMIT, lookup.apply(INLINE_LIMIT), 128L << 10, 0, 4L << 20),
        Settings.duration(
            STORE_RESPONSE_AFTER, lookup.apply(STORE_RESPONSE_AFTER), Duration.ofSeconds(2)),
        Settings.duration(KILL_WATCH_AFTER, lookup.apply(KILL_WATCH_AFTER), Duration.ofSeconds(2)),
        Settings.duration(
            UNREACHABLE_TIMEOUT, lookup.apply(UNREACHABLE_TIMEOUT), Duration.ofSeconds(10)),
        Settings.duration(
            UNAVAILABLE_TIMEOUT, lookup.apply(UNAVAILABLE_TIMEOUT), Duration.ofMinutes(15)),
        (int) Settings.number(TIMEOUTS_PER_TASK, lookup.apply(TIMEOUTS_PER_TASK), 2, 1, 100),
        Settings.duration(FUNCTION_TIMEOUT, lookup.apply(FUNCTION_TIMEOUT), Duration.ofMinutes(15)),
        StoreSettings.from(lookup));
  }

  /**
   * Refuses keys under {@link #PREFIX} that no module knows.
   *
   * @param present keys of the session
   * @param known keys of all modules
   * @throws InvalidSetting naming the nearest known key
   */
  public static void refuseUnknown(Collection<String> present, Collection<String> known) {
    List<String> sorted = new ArrayList<>(present);
    sorted.sort(null);
    for (String key : sorted) {
      if (key.startsWith(PREFIX) && !known.contains(key)) {
        throw new InvalidSetting(
            "Unknown setting "
                + key
                + ". The nearest known one is "
                + Settings.nearest(key, known)
                + ".");
      }
    }
  }

  private static ObjectLocation location(String value) {
    try {
      return ObjectLocation.parse(value);
    } catch (IllegalArgumentException e) {
      throw new InvalidSetting(
          "Invalid value for "
              + RUN_LOCATION
              + ": '"
              + value
              + "' (must be s3://<bucket>/<prefix>)");
    }
  }

  private static URI uri(String key, String value) {
    URI uri;
    try {
      uri = URI.create(value);
    } catch (IllegalArgumentException e) {
      throw new InvalidSetting("Invalid value for " + key + ": '" + value + "' (must be a URL)");
    }
    if (uri.getHost() == null || uri.getScheme() == null) {
      throw new InvalidSetting("Invalid value for " + key + ": '" + value + "' (must be a URL)");
    }
    return uri;
  }
}
