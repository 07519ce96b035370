package io.letsdata.executor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.executor.InvocationOutcome.AnswerLost;
import io.letsdata.executor.InvocationOutcome.Answered;
import io.letsdata.executor.InvocationOutcome.FailureKind;
import io.letsdata.executor.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.InvocationOutcome.Refused;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;

/**
 * Invokes the worker function. The only layer that retries an Invoke: throttling and refused
 * connections, which ran nothing, and service errors, which may have run and are harmless to repeat
 * (every key carries the nonce of its invocation). Thread-safe; no thread per invocation.
 */
public final class LambdaInvoker {
  private static final Logger LOG = LoggerFactory.getLogger(LambdaInvoker.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SERVICE_ERRORS_AT_MOST = Duration.ofMinutes(1);

  /** Something may accept connections and never answer; a start must not wait for it. */
  private static final Duration DESCRIBE_AT_MOST = Duration.ofSeconds(15);

  private static final long MAX_BACKOFF_MILLIS = 5_000;

  private final LambdaAsyncClient client;
  private final LambdaSettings settings;
  private final ScheduledExecutorService timer;
  private final RunAccount account;

  /** {@code client} and {@code timer} belong to the caller. */
  public LambdaInvoker(
      LambdaAsyncClient client,
      LambdaSettings settings,
      ScheduledExecutorService timer,
      RunAccount account) {
    this.client = client;
    this.settings = settings;
    this.timer = timer;
    this.account = account;
  }

  /**
   * Runs the function once with {@code payload}. One Invoke, more after throttling or service
   * errors.
   *
   * @return completes normally with every outcome; never exceptionally
   */
  public CompletableFuture<InvocationOutcome> invoke(byte[] payload) {
    CompletableFuture<InvocationOutcome> result = new CompletableFuture<>();
    attempt(new Call(payload, System.nanoTime(), result), 0);
    return result;
  }

  @SuppressWarnings("ArrayRecordComponent") // private carrier; never compared
  private record Call(
      byte[] payload, long startedNanos, CompletableFuture<InvocationOutcome> result) {
    boolean olderThan(Duration limit) {
      return System.nanoTime() - startedNanos > limit.toNanos();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // completes call.result()
  private void attempt(Call call, int tries) {
    CompletableFuture<InvokeResponse> sent;
    try {
      sent =
          client.invoke(
              r ->
                  r.functionName(settings.function())
                      .logType(LogType.TAIL)
                      .payload(SdkBytes.fromByteArrayUnsafe(call.payload())));
    } catch (RuntimeException e) {
      call.result().complete(new Refused(prefix() + ": " + e.getMessage()));
      return;
    }
    sent.whenComplete(
        (response, failure) -> {
          try {
            if (failure == null) {
              call.result().complete(outcome(response));
            } else {
              settle(call, tries, unwrap(failure));
            }
          } catch (RuntimeException e) {
            LOG.error("Cannot settle an invocation", e);
            call.result().complete(new AnswerLost(prefix() + ": " + e));
          }
        });
  }

  private void settle(Call call, int tries, Throwable failure) {
    if (failure instanceof AwsServiceException service) {
      int status = service.statusCode();
      if (status == 429) {
        if (tries == 20) {
          LOG.warn("{} is throttled for a while now: {}", settings.function(), message(service));
        }
        again(call, tries);
      } else if (status >= 500 && !call.olderThan(SERVICE_ERRORS_AT_MOST)) {
        again(call, tries);
      } else if (status >= 500) {
        call.result().complete(new AnswerLost(prefix() + ": " + message(service)));
      } else {
        call.result().complete(new Refused(refusal(service)));
      }
    } else if (failure instanceof SdkClientException && connectFailure(failure) != null) {
      if (call.olderThan(settings.unreachableTimeout())) {
        call.result().complete(new Refused(unreachable(connectFailure(failure))));
      } else {
        again(call, tries);
      }
    } else if (failure instanceof SdkClientException
        && String.valueOf(failure.getMessage()).contains("credentials")) {
      call.result().complete(new Refused(prefix() + ": " + failure.getMessage()));
    } else {
      call.result().complete(new AnswerLost(prefix() + ": the connection broke: " + failure));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // attempt() completes the call
  private void again(Call call, int tries) {
    account.sentAgain();
    long ceiling = Math.min(MAX_BACKOFF_MILLIS, 50L << Math.min(tries, 7));
    long delay = ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1);
    timer.schedule(() -> attempt(call, tries + 1), delay, TimeUnit.MILLISECONDS);
  }

  private InvocationOutcome outcome(InvokeResponse response) {
    String requestId = response.responseMetadata().requestId();
    String tail =
        response.logResult() == null
            ? ""
            : new String(Base64.getDecoder().decode(response.logResult()), StandardCharsets.UTF_8);
    Optional<InvocationReport> report = InvocationReport.parse(tail);
    account.invoked(report);
    byte[] body = response.payload() == null ? new byte[0] : response.payload().asByteArray();
    if (response.functionError() == null) {
      return new Answered(body, requestId, tail, report);
    }
    String type = "";
    String message = new String(body, StandardCharsets.UTF_8);
    try {
      JsonNode error = JSON.readTree(body);
      type = error.path("errorType").asText("");
      message = error.path("errorMessage").asText(message);
    } catch (IOException e) {
      LOG.debug("The function's error is not JSON", e);
    }
    return new FunctionFailed(kind(type, message), message, requestId, tail, report);
  }

  static FailureKind kind(String type, String message) {
    if (message.contains("Task timed out after")) {
      return FailureKind.TIMEOUT;
    }
    if (type.contains("OutOfMemoryError") || message.contains("signal: killed")) {
      return FailureKind.OUT_OF_MEMORY;
    }
    if (type.equals("Function.ResponseSizeTooLarge")) {
      return FailureKind.OVERSIZED_RESPONSE;
    }
    if (type.equals("Runtime.ExitError")) {
      return FailureKind.CRASH;
    }
    if (message.contains("Init timed out")
        || type.contains("ClassNotFound")
        || type.contains("Init")) {
      return FailureKind.INIT;
    }
    return FailureKind.HANDLER;
  }

  /**
   * Asks for the function's limits. One GetFunctionConfiguration; connections that are refused or
   * break are tried again for {@code unreachable-timeout}.
   *
   * @throws InvalidSetting when there is no such function or nobody answers
   */
  public FunctionInfo describe() {
    long started = System.nanoTime();
    while (true) {
      try {
        var c =
            client
                .getFunctionConfiguration(
                    r ->
                        r.functionName(settings.function())
                            .overrideConfiguration(o -> o.apiCallTimeout(DESCRIBE_AT_MOST)))
                .join();
        boolean arm = c.architecturesAsStrings().contains("arm64");
        return new FunctionInfo(
            Duration.ofSeconds(c.timeout()),
            c.memorySize(),
            arm ? Prices.Architecture.ARM64 : Prices.Architecture.X86_64);
      } catch (CompletionException e) {
        Throwable cause = unwrap(e);
        if (cause instanceof AwsServiceException service) {
          if (service.statusCode() == 403) {
            LOG.info(
                "lambda:GetFunctionConfiguration is not allowed; using {} as the time limit",
                settings.fallbackTimeout());
            return new FunctionInfo(settings.fallbackTimeout(), 0, Prices.Architecture.X86_64);
          }
          throw new InvalidSetting(refusal(service));
        }
        if (String.valueOf(cause.getMessage()).contains("credentials")) {
          throw new InvalidSetting(prefix() + ": " + cause.getMessage());
        }
        if (System.nanoTime() - started > settings.unreachableTimeout().toNanos()) {
          Throwable connect = connectFailure(cause);
          throw new InvalidSetting(unreachable(connect == null ? cause : connect));
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(250);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the Lambda API", e);
    }
  }

  private String prefix() {
    return "Cannot invoke function '" + settings.function() + "' at " + endpoint();
  }

  private String endpoint() {
    return settings.endpoint().map(Object::toString).orElse("AWS Lambda");
  }

  private String unreachable(@Nullable Throwable connect) {
    return prefix()
        + ": nobody answered for "
        + settings.unreachableTimeout().toSeconds()
        + " s ("
        + (connect == null ? "no connection" : connect.getMessage())
        + "). Start the stack, or mend "
        + LambdaSettings.ENDPOINT
        + ".";
  }

  private String refusal(AwsServiceException e) {
    String remedy =
        switch (e.statusCode()) {
          case 404 -> " Create the function, or name another in spark.master.";
          case 403 -> " Allow lambda:InvokeFunction to the driver's identity.";
          case 413 ->
              " Lower " + LambdaSettings.PAYLOAD_LIMIT + ", so that more travels by the store.";
          default -> "";
        };
    return prefix() + ": " + message(e) + "." + remedy;
  }

  private static String message(AwsServiceException e) {
    return e.awsErrorDetails() != null && e.awsErrorDetails().errorMessage() != null
        ? e.awsErrorDetails().errorMessage()
        : String.valueOf(e.getMessage());
  }

  private static @Nullable Throwable connectFailure(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof ConnectException || t instanceof UnknownHostException) {
        return t;
      }
    }
    return null;
  }

  private static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
