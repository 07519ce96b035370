// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import io.letsdata.executor.settings.Architecture;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.JvmDefaults;
import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.settings.TimeLimit;
import io.letsdata.options.Internal;
import io.letsdata.options.UserErrorException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;

/** Looks up the function at the start of an application. */
@Internal
public final class FunctionLookup {
  private static final Logger LOG = LoggerFactory.getLogger(FunctionLookup.class);

  /**
   * An endpoint may accept connections and never respond; the start must not wait for it. The first
   * try is short, since a client can forget it: {@link InvokeErrors#connectFailure}.
   */
  private static final Duration FIRST_DESCRIBE_AT_MOST = Duration.ofSeconds(3);

  private static final Duration DESCRIBE_AT_MOST = Duration.ofSeconds(12);

  private static final int CLOCK_CORRECTIONS = 3;

  private final LambdaAsyncClient client;
  private final LambdaSettings settings;
  private final InvokeMessages messages;

  /** {@code client} belongs to the caller. */
  public FunctionLookup(LambdaAsyncClient client, LambdaSettings settings) {
    this.client = client;
    this.settings = settings;
    this.messages = new InvokeMessages(settings);
  }

  /**
   * Reads the function's limits. One GetFunctionConfiguration; retried for {@code
   * unreachable-timeout} while connections are refused or break.
   *
   * @throws UserErrorException when there is no such function or no response, or its code is not
   *     the expected one
   */
  public FunctionInfo describe() {
    long started = System.nanoTime();
    for (int tries = 0; ; tries++) {
      Duration atMost = tries == 0 ? FIRST_DESCRIBE_AT_MOST : DESCRIBE_AT_MOST;
      try {
        var c =
            client
                .getFunctionConfiguration(
                    r ->
                        r.functionName(settings.function())
                            .overrideConfiguration(o -> o.apiCallTimeout(atMost)))
                .join();
        checkCode(c.codeSha256());
        boolean arm = c.architecturesAsStrings().contains("arm64");
        return new FunctionInfo(
            new TimeLimit(Duration.ofSeconds(c.timeout())),
            c.memorySize(),
            arm ? Architecture.ARM64 : Architecture.X86_64,
            c.loggingConfig() != null && c.loggingConfig().logGroup() != null
                ? c.loggingConfig().logGroup()
                : logGroup(),
            c.environment() == null
                ? Optional.of(JvmDefaults.ofFunction(Map.of()))
                : Optional.ofNullable(c.environment().variables()).map(JvmDefaults::ofFunction));
      } catch (CompletionException e) {
        Throwable cause = LambdaInvoker.unwrap(e);
        if (cause instanceof AwsServiceException service) {
          if (InvokeErrors.isWrongSignature(service) && tries < CLOCK_CORRECTIONS) {
            pause();
            continue; // the retry is signed with the time of the service
          }
          if (service.statusCode() == 403 && !InvokeErrors.isWrongSignature(service)) {
            checkCode(null);
            LOG.info(
                "lambda:GetFunctionConfiguration is not allowed; using {} as the time limit",
                settings.fallbackTimeout());
            return new FunctionInfo(
                new TimeLimit(settings.fallbackTimeout()),
                0,
                Architecture.X86_64,
                logGroup(),
                Optional.empty());
          }
          throw new UserErrorException(messages.refusal(service));
        }
        if (String.valueOf(cause.getMessage()).contains("credentials")) {
          throw new UserErrorException(messages.prefix() + ": " + cause.getMessage());
        }
        if (tries > 0 && System.nanoTime() - started > settings.unreachableTimeout().toNanos()) {
          Throwable connect = InvokeErrors.connectFailure(cause);
          throw new UserErrorException(messages.unreachable(connect == null ? cause : connect));
        }
        pause();
      }
    }
  }

  /**
   * Compares the function's code with the one that the session expects. Lambda may change the code
   * after this; each payload names the driver's build, and a worker of another build refuses it.
   *
   * @param actual as Lambda shows it; null when it does not
   */
  private void checkCode(@Nullable String actual) {
    if (settings.codeSha256().isEmpty()) {
      compareWithBuild(actual);
      return;
    }
    String expected = settings.codeSha256().get();
    if (actual == null) {
      throw new UserErrorException(
          "Cannot start: the code of function '%s' cannot be compared with %s=%s, because Lambda does not show it. Allow lambda:GetFunctionConfiguration, or unset the setting."
              .formatted(settings.function(), LambdaOptions.CODE_SHA256, expected));
    }
    if (!actual.equals(expected)) {
      throw new UserErrorException(
          "Cannot start: function '%s' runs code with SHA-256 %s, not %s (%s). Deploy the package of this build, or correct the setting."
              .formatted(settings.function(), actual, expected, LambdaOptions.CODE_SHA256));
    }
    LOG.info("Function {} runs the expected code, SHA-256 {}", settings.function(), actual);
  }

  private void compareWithBuild(@Nullable String actual) {
    String line = codeLine(settings.function(), actual, settings.buildSha256().orElse(""));
    boolean differs = actual != null && !settings.buildSha256().orElse(actual).equals(actual);
    if (differs) {
      LOG.warn(line);
    } else {
      LOG.info(line);
    }
  }

  /** The line of the log about the code that the function has. */
  static String codeLine(String function, @Nullable String actual, String build) {
    if (actual == null) {
      return "Lambda does not show the code of function '" + function + "'; it is not compared.";
    }
    String runs = "Function '" + function + "' runs code with SHA-256 " + actual;
    if (build.isEmpty()) {
      return runs + "; with " + LambdaOptions.CODE_SHA256 + " each start compares it.";
    }
    return build.equals(actual)
        ? runs + ", the package of this driver's build."
        : runs
            + ", and the package of this driver's build has "
            + build
            + ". Deploy that package, or set "
            + LambdaOptions.CODE_SHA256
            + " to the code that you trust.";
  }

  /** The log group of a function that has no logging configuration. */
  private String logGroup() {
    String[] arn = settings.function().split(":", -1);
    return "/aws/lambda/" + (arn.length > 6 ? arn[6] : arn[0]);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(250);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the Lambda API", e);
    }
  }
}
