package io.letsdata.executor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.executor.InvocationOutcome.AnswerLost;
import io.letsdata.executor.InvocationOutcome.Answered;
import io.letsdata.executor.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.InvocationOutcome.Refused;
import io.letsdata.executor.InvocationOutcome.Withdrawn;
import io.letsdata.executor.InvokeQueue.End;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
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

  /**
   * Something may accept connections and never answer; a start must not wait for it. The first try
   * is short, since a client can forget it: {@link InvokeErrors#connectFailure}.
   */
  private static final Duration FIRST_DESCRIBE_AT_MOST = Duration.ofSeconds(3);

  private static final Duration DESCRIBE_AT_MOST = Duration.ofSeconds(12);

  /** An environment may start, and start once more, before the time limit begins to count. */
  private static final Duration BESIDE_THE_LIMIT = Duration.ofSeconds(30);

  private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(10);
  private static final long MAX_BACKOFF_MILLIS = 5_000;

  private final LambdaAsyncClient client;
  private final LambdaSettings settings;
  private final RunAccount account;
  private final InvokeQueue queue;
  private final LongSupplier nanoClock;
  private final AtomicLong warnedNanos = new AtomicLong(System.nanoTime());

  /** {@code client} and {@code timer} belong to the caller. */
  public LambdaInvoker(
      LambdaAsyncClient client,
      LambdaSettings settings,
      ScheduledExecutorService timer,
      RunAccount account) {
    this(client, settings, timer, account, System::nanoTime);
  }

  LambdaInvoker(
      LambdaAsyncClient client,
      LambdaSettings settings,
      ScheduledExecutorService timer,
      RunAccount account,
      LongSupplier nanoClock) {
    this.client = client;
    this.settings = settings;
    this.account = account;
    this.nanoClock = nanoClock;
    this.queue = new InvokeQueue(settings.concurrency(), timer, nanoClock);
  }

  /**
   * Runs the function once with {@code payload}. One Invoke, more after throttling or service
   * errors: those are sent again for as long as it takes, up to {@code unavailable-timeout} without
   * a single invocation that ran.
   *
   * @param limit the function's time limit; an answer that does not come within it and what a start
   *     may take is lost
   * @param wanted asked before each request; once it is false nothing more is sent, and the outcome
   *     is {@link Withdrawn}; never throws
   * @return completes normally with every outcome; never exceptionally
   */
  public CompletableFuture<InvocationOutcome> invoke(
      byte[] payload, Duration limit, BooleanSupplier wanted) {
    CompletableFuture<InvocationOutcome> result = new CompletableFuture<>();
    Call call =
        new Call(payload, limit.plus(BESIDE_THE_LIMIT), wanted, OptionalLong.empty(), result);
    queue.submit(send(call, 0));
    return result;
  }

  /** Invocations that would be sent at once, beyond those under way. No request. */
  public int room() {
    return queue.room();
  }

  @SuppressWarnings("ArrayRecordComponent") // private carrier; never compared
  private record Call(
      byte[] payload,
      Duration timeout,
      BooleanSupplier wanted,
      OptionalLong unreachableSinceNanos,
      CompletableFuture<InvocationOutcome> result) {
    Call unreachableSince(OptionalLong nanos) {
      return new Call(payload, timeout, wanted, nanos, result);
    }
  }

  private InvokeQueue.Send send(Call call, int tries) {
    return new InvokeQueue.Send(
        call.wanted(), () -> attempt(call, tries), () -> call.result().complete(new Withdrawn()));
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
                      .overrideConfiguration(o -> o.apiCallTimeout(call.timeout()))
                      .payload(SdkBytes.fromByteArrayUnsafe(call.payload())));
    } catch (RuntimeException e) {
      queue.ended(End.LOST);
      call.result().complete(new Refused(prefix() + ": " + e.getMessage()));
      return;
    } catch (Throwable e) { // no memory, no class: it may have been sent
      LOG.error("Cannot send an invocation", e);
      queue.ended(End.LOST);
      call.result().complete(new AnswerLost(prefix() + ": " + e));
      return;
    }
    sent.whenComplete(
        (response, failure) -> {
          try {
            if (failure == null) {
              queue.ended(End.RAN);
              call.result().complete(outcome(response));
            } else {
              settle(call, tries, unwrap(failure));
            }
          } catch (RejectedExecutionException e) {
            call.result().complete(new Refused(prefix() + ": the application is stopping."));
          } catch (Throwable e) {
            LOG.error("Cannot settle an invocation", e);
            call.result().complete(new AnswerLost(prefix() + ": " + e));
          }
        });
  }

  private void settle(Call call, int tries, Throwable failure) {
    switch (InvokeErrors.of(failure)) {
      case THROTTLED -> refusedForNow(call, tries, End.THROTTLED, failure);
      case RATE_EXCEEDED -> refusedForNow(call, tries, End.RATE_EXCEEDED, failure);
      case UNAVAILABLE -> refusedForNow(call, tries, End.UNAVAILABLE, failure);
      case UNREACHABLE -> {
        queue.ended(End.LOST);
        long now = nanoClock.getAsLong();
        long since = call.unreachableSinceNanos().orElse(now);
        if (isUnreachable(Duration.ofNanos(now - since))) {
          call.result().complete(new Refused(unreachable(InvokeErrors.connectFailure(failure))));
        } else {
          again(call.unreachableSince(OptionalLong.of(since)), tries);
        }
      }
      case REFUSED -> {
        queue.ended(End.REFUSED);
        call.result().complete(new Refused(refusal(failure)));
      }
      case ANSWER_LOST -> {
        queue.ended(End.LOST);
        call.result().complete(new AnswerLost(prefix() + ": the connection broke: " + failure));
      }
    }
  }

  /**
   * One connection may fail for reasons of its own, and an invocation waits for its turn first: it
   * has tried in vain for so long itself, and nobody has had an answer meanwhile.
   */
  private boolean isUnreachable(Duration tried) {
    Duration limit = settings.unreachableTimeout();
    return tried.compareTo(limit) >= 0 && queue.silentFor().compareTo(limit) >= 0;
  }

  /** Never the task's fault, so never counted against it. */
  private void refusedForNow(Call call, int tries, End end, Throwable failure) {
    queue.ended(end);
    Duration refusing = queue.refusingFor().orElse(Duration.ZERO);
    String words = failure instanceof AwsServiceException e ? InvokeErrors.message(e) : "";
    if (refusing.compareTo(settings.unavailableTimeout()) > 0) {
      call.result()
          .complete(
              new Refused(
                  prefix()
                      + ": Lambda has run nothing for "
                      + refusing.toSeconds()
                      + " s ("
                      + words
                      + "). Raise the function's or the account's concurrency when it is throttled,"
                      + " wait when the service is down, or raise "
                      + LambdaSettings.UNAVAILABLE_TIMEOUT
                      + "."));
      return;
    }
    long last = warnedNanos.get();
    long now = System.nanoTime();
    if (tries > 0
        && now - last > BETWEEN_WARNINGS.toNanos()
        && warnedNanos.compareAndSet(last, now)) {
      LOG.warn(
          "Lambda sends invocations of {} back ({}, nothing ran for {} s): {}. Tasks wait, none"
              + " fails.",
          settings.function(),
          words,
          refusing.toSeconds(),
          queue.state());
    }
    again(call.unreachableSince(OptionalLong.empty()), tries);
  }

  private void again(Call call, int tries) {
    account.sentAgain();
    long ceiling = Math.min(MAX_BACKOFF_MILLIS, 50L << Math.min(tries, 7));
    long delay = ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1);
    queue.submitLater(send(call, tries + 1), delay);
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
    return new FunctionFailed(
        FunctionErrors.kind(type, message, tail), message, requestId, tail, report);
  }

  /**
   * Asks for the function's limits. One GetFunctionConfiguration; connections that are refused or
   * break are tried again for {@code unreachable-timeout}.
   *
   * @throws InvalidSetting when there is no such function or nobody answers
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
        boolean arm = c.architecturesAsStrings().contains("arm64");
        return new FunctionInfo(
            Duration.ofSeconds(c.timeout()),
            c.memorySize(),
            arm ? Prices.Architecture.ARM64 : Prices.Architecture.X86_64,
            c.loggingConfig() != null && c.loggingConfig().logGroup() != null
                ? c.loggingConfig().logGroup()
                : logGroup());
      } catch (CompletionException e) {
        Throwable cause = unwrap(e);
        if (cause instanceof AwsServiceException service) {
          if (service.statusCode() == 403) {
            LOG.info(
                "lambda:GetFunctionConfiguration is not allowed; using {} as the time limit",
                settings.fallbackTimeout());
            return new FunctionInfo(
                settings.fallbackTimeout(), 0, Prices.Architecture.X86_64, logGroup());
          }
          throw new InvalidSetting(refusal(service));
        }
        if (String.valueOf(cause.getMessage()).contains("credentials")) {
          throw new InvalidSetting(prefix() + ": " + cause.getMessage());
        }
        if (tries > 0 && System.nanoTime() - started > settings.unreachableTimeout().toNanos()) {
          Throwable connect = InvokeErrors.connectFailure(cause);
          throw new InvalidSetting(unreachable(connect == null ? cause : connect));
        }
        pause();
      }
    }
  }

  /** Where a function logs unless it was told otherwise. */
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

  private String refusal(Throwable failure) {
    if (!(failure instanceof AwsServiceException e)) {
      return prefix() + ": " + failure.getMessage();
    }
    String remedy =
        switch (e.statusCode()) {
          case 404 -> " Create the function, or name another in spark.master.";
          case 403 -> " Allow lambda:InvokeFunction to the driver's identity.";
          case 413 ->
              " Lower " + LambdaSettings.PAYLOAD_LIMIT + ", so that more travels by the store.";
          case 502 -> " Mend the function.";
          default -> "";
        };
    return prefix() + ": " + InvokeErrors.message(e) + "." + remedy;
  }

  private static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
