// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.executor.account.InvocationReport;
import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.invoke.InvocationOutcome.AnswerLost;
import io.letsdata.executor.invoke.InvocationOutcome.Answered;
import io.letsdata.executor.invoke.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.invoke.InvocationOutcome.Refused;
import io.letsdata.executor.invoke.InvocationOutcome.Withdrawn;
import io.letsdata.executor.invoke.InvokeQueue.End;
import io.letsdata.executor.invoke.InvokeQueue.Turn;
import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.executor.settings.LambdaSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
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
   * An environment may start for 10 s before the time limit begins to count; a second start counts
   * (developer guide, "Understanding the Lambda execution environment lifecycle").
   */
  private static final Duration BESIDE_THE_LIMIT = Duration.ofSeconds(15);

  private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(10);
  private static final long MAX_BACKOFF_MILLIS = 5_000;

  private final LambdaAsyncClient client;
  private final LambdaSettings settings;
  private final InvokeMessages words;
  private final RunAccount account;
  private final InvokeQueue queue;
  private final LongSupplier nanoClock;
  private final AtomicLong warnedNanos = new AtomicLong(System.nanoTime());

  /**
   * All of it belongs to the caller.
   *
   * @param sender one thread; sends what waited for its turn, also while credentials are fetched
   */
  public LambdaInvoker(
      LambdaAsyncClient client,
      LambdaSettings settings,
      ScheduledExecutorService timer,
      Executor sender,
      RunAccount account) {
    this(client, settings, timer, sender, account, System::nanoTime);
  }

  LambdaInvoker(
      LambdaAsyncClient client,
      LambdaSettings settings,
      ScheduledExecutorService timer,
      Executor sender,
      RunAccount account,
      LongSupplier nanoClock) {
    this.client = client;
    this.settings = settings;
    this.words = new InvokeMessages(settings);
    this.account = account;
    this.nanoClock = nanoClock;
    this.queue = new InvokeQueue(settings.concurrency(), timer, sender, nanoClock);
  }

  /** Who wants a function to run. Thread-safe; neither method blocks or throws. */
  public interface Caller {
    /** Asked before each request; once it is false nothing more is sent. */
    boolean wanted();

    /** A request is about to be sent; more than once when earlier ones failed. */
    void sending();
  }

  /**
   * How long after its request was sent a run can be alive at most.
   *
   * @param limit the function's time limit
   */
  public static Duration aliveAtMost(Duration limit) {
    return limit.plus(BESIDE_THE_LIMIT);
  }

  /**
   * Runs the function once with {@code payload}. One Invoke, more after throttling or service
   * errors: those are sent again for as long as it takes, up to {@code unavailable-timeout} without
   * a single invocation that ran.
   *
   * @param limit the function's time limit; an answer that does not come within it and what a start
   *     may take is lost
   * @param caller the outcome is {@link Withdrawn} when it does not want it any more
   * @return completes normally with every outcome; never exceptionally
   */
  public CompletableFuture<InvocationOutcome> invoke(
      byte[] payload, Duration limit, Caller caller) {
    CompletableFuture<InvocationOutcome> result = new CompletableFuture<>();
    Call call = new Call(payload, aliveAtMost(limit), caller, OptionalLong.empty(), result);
    queue.submit(send(call, 0));
    return result;
  }

  /** Gives back those that wait for their turn and are wanted no more. No request. */
  public void withdrawUnwanted() {
    queue.sweep();
  }

  /** Invocations that would be sent at once, beyond those under way. No request. */
  public int room() {
    return queue.room();
  }

  @SuppressWarnings("ArrayRecordComponent") // private carrier; never compared
  private record Call(
      byte[] payload,
      Duration timeout,
      Caller caller,
      OptionalLong unreachableSinceNanos,
      CompletableFuture<InvocationOutcome> result) {
    Call unreachableSince(OptionalLong nanos) {
      return new Call(payload, timeout, caller, nanos, result);
    }
  }

  private InvokeQueue.Send send(Call call, int tries) {
    return new InvokeQueue.Send(
        call.caller()::wanted,
        turn -> attempt(call, tries, turn),
        () -> call.result().complete(new Withdrawn()));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // completes call.result()
  private void attempt(Call call, int tries, Turn turn) {
    CompletableFuture<InvokeResponse> sent;
    try {
      call.caller().sending();
      sent =
          client.invoke(
              r ->
                  r.functionName(settings.function())
                      .logType(LogType.TAIL)
                      .overrideConfiguration(o -> o.apiCallTimeout(call.timeout()))
                      .payload(SdkBytes.fromByteArrayUnsafe(call.payload())));
    } catch (RuntimeException e) {
      turn.ended(End.LOST);
      call.result().complete(new Refused(words.prefix() + ": " + e.getMessage()));
      return;
    } catch (Throwable e) { // no memory, no class: it may have been sent
      LOG.error("Cannot send an invocation", e);
      turn.ended(End.LOST);
      call.result().complete(new AnswerLost(words.prefix() + ": " + e));
      return;
    }
    sent.whenComplete(
        (response, failure) -> {
          try {
            if (failure == null) {
              turn.ended(End.RAN);
              call.result().complete(outcome(response));
            } else {
              settle(call, tries, turn, unwrap(failure));
            }
          } catch (RejectedExecutionException e) {
            turn.ended(End.LOST);
            call.result().complete(new Refused(words.prefix() + ": the application is stopping."));
          } catch (Throwable e) {
            LOG.error("Cannot settle an invocation", e);
            turn.ended(End.LOST);
            call.result().complete(new AnswerLost(words.prefix() + ": " + e));
          }
        });
  }

  private void settle(Call call, int tries, Turn turn, Throwable failure) {
    switch (InvokeErrors.of(failure)) {
      case THROTTLED -> refusedForNow(call, tries, turn, End.THROTTLED, failure);
      case RATE_EXCEEDED -> refusedForNow(call, tries, turn, End.RATE_EXCEEDED, failure);
      case UNAVAILABLE -> refusedForNow(call, tries, turn, End.UNAVAILABLE, failure);
      case UNREACHABLE -> {
        turn.ended(End.LOST);
        long now = nanoClock.getAsLong();
        long since = call.unreachableSinceNanos().orElse(now);
        if (isUnreachable(Duration.ofNanos(now - since))) {
          call.result()
              .complete(new Refused(words.unreachable(InvokeErrors.connectFailure(failure))));
        } else {
          again(call.unreachableSince(OptionalLong.of(since)), tries);
        }
      }
      case REFUSED -> {
        turn.ended(End.REFUSED);
        call.result().complete(new Refused(words.refusal(failure)));
      }
      case ANSWER_LOST -> {
        turn.ended(End.LOST);
        call.result()
            .complete(new AnswerLost(words.prefix() + ": the connection broke: " + failure));
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
  private void refusedForNow(Call call, int tries, Turn turn, End end, Throwable failure) {
    turn.ended(end);
    Duration refusing = queue.refusingFor().orElse(Duration.ZERO);
    String said = failure instanceof AwsServiceException e ? words.said(e) : "";
    if (refusing.compareTo(settings.unavailableTimeout()) > 0) {
      call.result()
          .complete(
              new Refused(
                  words.prefix()
                      + ": Lambda has run nothing for "
                      + refusing.toSeconds()
                      + " s ("
                      + said
                      + "). Raise the function's or the account's concurrency when it is throttled,"
                      + " wait when the service is down, or raise "
                      + LambdaOptions.UNAVAILABLE_TIMEOUT
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
          said,
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

  static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
