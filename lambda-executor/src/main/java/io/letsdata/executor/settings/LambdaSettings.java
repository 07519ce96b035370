// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import io.letsdata.options.Internal;
import io.letsdata.options.Options;
import io.letsdata.options.UserErrorException;
import io.letsdata.protocol.RunOptions;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreOptions;
import io.letsdata.store.StoreSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The session's settings of the Lambda master: the values of {@link LambdaOptions}. Immutable.
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
 * @param codeSha256 of the code that the function must have, in Base64; absent means any
 * @param buildSha256 of the package that was built with this driver, in Base64; absent means
 *     unknown
 * @param store how the store is reached
 */
@Internal
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
    Optional<String> codeSha256,
    Optional<String> buildSha256,
    StoreSettings store) {

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
   * @param options the session's values
   * @throws UserErrorException naming key, value and remedy
   */
  public static LambdaSettings from(String master, Options options) {
    var unused = options.get(RunOptions.ISOLATED); // only workers use it
    return new LambdaSettings(
        function(master),
        StoreOptions.endpoint(options, LambdaOptions.ENDPOINT),
        options.get(LambdaOptions.REGION),
        options.get(LambdaOptions.CONCURRENCY),
        runLocation(options),
        options.get(LambdaOptions.KEEP_RUN),
        options.get(LambdaOptions.PAYLOAD_LIMIT),
        options.get(LambdaOptions.INLINE_LIMIT),
        options.get(LambdaOptions.STORE_RESPONSE_AFTER),
        options.get(LambdaOptions.KILL_WATCH_AFTER),
        options.get(LambdaOptions.UNREACHABLE_TIMEOUT),
        options.get(LambdaOptions.UNAVAILABLE_TIMEOUT),
        options.get(LambdaOptions.TIMEOUTS_PER_TASK),
        options.get(LambdaOptions.FUNCTION_TIMEOUT),
        options.get(LambdaOptions.CODE_SHA256),
        options.get(LambdaOptions.BUILD_SHA256),
        StoreSettings.from(options));
  }

  private static String function(String master) {
    String function = master.substring(master.indexOf("://") + 3);
    if (function.isEmpty() || function.contains("/")) {
      throw new UserErrorException(
          "Cannot start: master '" + master + "' names no function. Use lambda://<function-name>.");
    }
    return function;
  }

  private static ObjectLocation runLocation(Options options) {
    return options
        .get(RunOptions.LOCATION)
        .orElseThrow(
            () ->
                new UserErrorException(
                    "Cannot start: "
                        + RunOptions.LOCATION
                        + " is not set. Set it to s3://<bucket>/<prefix>, where shuffle, broadcasts"
                        + " and results of the run are stored."));
  }
}
