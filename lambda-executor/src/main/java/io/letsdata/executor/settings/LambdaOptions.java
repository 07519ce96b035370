// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import io.letsdata.options.Internal;
import io.letsdata.options.Option;
import io.letsdata.options.OptionProvider;
import io.letsdata.options.OptionSet;
import io.letsdata.options.OptionType;
import io.letsdata.protocol.RunOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The options of the Lambda master; {@link LambdaSettings} are their values. */
@Internal
public final class LambdaOptions implements OptionProvider {
  private static final String PREFIX = Option.PREFIX + "lambda.";

  /** Longer than any wait that makes sense; short enough for a count of nanoseconds. */
  private static final OptionType<Duration> TIME =
      OptionType.duration(Duration.ZERO, Duration.ofDays(7));

  public static final Option<Boolean> KEEP_RUN =
      Option.of(Option.PREFIX + "run.keep", OptionType.flag())
          .describedAs("Whether the run's objects stay after the application ends.")
          .withDefault("false");

  public static final Option<Optional<URI>> ENDPOINT =
      Option.of(PREFIX + "endpoint", OptionType.endpoint())
          .describedAs("Address of the Lambda API.")
          .withoutDefault("AWS's");

  public static final Option<Optional<String>> REGION =
      Option.of(PREFIX + "region", OptionType.text())
          .describedAs("Region of the function.")
          .withoutDefault("the SDK's lookup");

  public static final Option<Integer> CONCURRENCY =
      Option.of(PREFIX + "concurrency", OptionType.integer(1, 100_000))
          .describedAs("Tasks in flight at most.")
          .withDefault("8");

  public static final Option<Long> PAYLOAD_LIMIT =
      Option.of(PREFIX + "payload-limit", OptionType.bytes(4096, 6 << 20))
          .describedAs("Larger payloads travel through the store; Lambda's own limit is 6 MB.")
          .withDefault("5m");

  public static final Option<Long> INLINE_LIMIT =
      Option.of(PREFIX + "inline-limit", OptionType.bytes(0, 4 << 20))
          .describedAs(
              "A task binary up to this size travels in the payload, and map statuses up to a quarter of it. For offsets and small outputs see `lambda-shuffle`.")
          .withDefault("128k");

  public static final Option<Duration> STORE_RESPONSE_AFTER =
      Option.of(PREFIX + "store-response-after", TIME)
          .describedAs(
              "Tasks that run longer also store their response, 1 PUT, in case the answer is lost.")
          .withDefault("2s");

  public static final Option<Duration> KILL_WATCH_AFTER =
      Option.of(PREFIX + "kill-watch-after", TIME)
          .describedAs(
              "Tasks that run longer look for the driver's kill flag: one HEAD at first, then one after growing pauses of up to 15 s.")
          .withDefault("2s");

  public static final Option<Duration> UNREACHABLE_TIMEOUT =
      Option.of(PREFIX + "unreachable-timeout", TIME)
          .describedAs("How long refused connections are tried again.")
          .withDefault("10s");

  public static final Option<Duration> UNAVAILABLE_TIMEOUT =
      Option.of(PREFIX + "unavailable-timeout", TIME)
          .describedAs(
              "How long Lambda may reject every invocation (429, 5xx) before the stages are given up.")
          .withDefault("15m");

  public static final Option<Integer> TIMEOUTS_PER_TASK =
      Option.of(PREFIX + "timeouts-per-task", OptionType.integer(1, 100))
          .describedAs(
              "A partition that reached the function's time limit this often ends its stage, because each try is billed up to the limit.")
          .withDefault("2");

  public static final Option<Duration> FUNCTION_TIMEOUT =
      Option.of(PREFIX + "function-timeout", TIME)
          .describedAs(
              "The function's time limit, used where `lambda:GetFunctionConfiguration` is not allowed.")
          .withDefault("15m");

  public static final Option<Optional<String>> CODE_SHA256 =
      Option.of(
              PREFIX + "code-sha256",
              OptionType.parsed(
                  LambdaOptions::sha256InBase64, "must be a SHA-256 in Base64 or hex"))
          .describedAs(
              "SHA-256 of the function's package, as `aws lambda get-function-configuration --query CodeSha256` shows it. A session whose function has other code is refused.")
          .withoutDefault("the start logs it and compares nothing");

  public static final Option<Optional<String>> BUILD_SHA256 =
      Option.of(
              PREFIX + "build-sha256",
              OptionType.parsed(
                  LambdaOptions::sha256InBase64, "must be a SHA-256 in Base64 or hex"))
          .describedAs(
              "SHA-256 of the function's package that was built with this driver; `letsdata submit` sets it. The start says in one line whether the function has this package; another one is a warning.")
          .withoutDefault("the start compares nothing");

  /** All of them, in the order of the documentation. */
  public static final OptionSet ALL =
      OptionSet.of(
          KEEP_RUN,
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
          CODE_SHA256,
          BUILD_SHA256,
          RunOptions.ISOLATED);

  /** For {@link java.util.ServiceLoader}. */
  public LambdaOptions() {}

  /** As Lambda has it, of that form or of hexadecimal digits. */
  private static String sha256InBase64(String text) {
    byte[] digest =
        text.length() == 64 ? HexFormat.of().parseHex(text) : Base64.getDecoder().decode(text);
    if (digest.length != 32) {
      throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + digest.length);
    }
    return Base64.getEncoder().encodeToString(digest);
  }

  @Override
  public OptionSet options() {
    return ALL;
  }
}
