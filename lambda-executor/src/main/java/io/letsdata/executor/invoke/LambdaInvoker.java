// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.executor.account.InvocationReport;
import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.invoke.InvocationOutcome.FailureKind;
import io.letsdata.executor.invoke.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.invoke.InvocationOutcome.Refused;
import io.letsdata.executor.invoke.InvocationOutcome.ResponseLost;
import io.letsdata.executor.invoke.InvocationOutcome.Returned;
import io.letsdata.executor.invoke.InvocationOutcome.Withdrawn;
import io.letsdata.executor.invoke.InvokeQueue.End;
import io.letsdata.executor.invoke.InvokeQueue.Permit;
import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.settings.TimeLimit;
import io.letsdata.options.Internal;
import io.letsdata.options.Printable;
import io.letsdata.options.SecretRule;
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
 * Invokes the worker function. The only layer that retries an Invoke: after throttling and refused
 * connections, when nothing ran, and after service errors, when the function may have run and a
 * second invocation is harmless (every key carries the nonce of its invocation). Thread-safe; no
 * thread per invocation.
 */
@Internal
public final class LambdaInvoker {
  private static final Logger LOG = LoggerFactory.getLogger(LambdaInvoker.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(10);
  private static final long MAX_BACKOFF_MILLIS = 5_000;

  /**
   * As many environments as an account may have by default (developer guide, "Lambda quotas"): so
   * many may have to end before one is free of other applications.
   */
  private static final int MAX_ENVIRONMENTS = 1_000;

  private final LambdaAsyncClient client;
  private final LambdaSettings settings;
  private final InvokeMessages messages;
  private final RunAccount account;
  private final SecretRule secrets;
  private final InvokeQueue queue;
  private final LongSupplier nanoClock;
  private final AtomicLong warnedNanos = new AtomicLong(System.nanoTime());

  /**
   * All arguments belong to the caller.
   *
   * @param sender one thread; sends requests that waited in the queue, and waits for credentials
   */
  public LambdaInvoker(
      LambdaAsyncClient client,
      LambdaSettings settings,
      ScheduledExecutorService timer,
      Executor sender,
      RunAccount account) {
    this(
        client,
        settings,
        timer,
        sender,
        account,
        SecretRule.of(Optional.empty()),
        System::nanoTime);
  }

  LambdaInvoker(
      LambdaAsyncClient client,
      LambdaSettings settings,
      ScheduledExecutorService timer,
      Executor sender,
      RunAccount account,
      SecretRule secrets,
      LongSupplier nanoClock) {
    this.client = client;
    this.settings = settings;
    this.messages = new InvokeMessages(settings);
    this.account = account;
    this.secrets = secrets;
    this.nanoClock = nanoClock;
    this.queue = new InvokeQueue(settings.concurrency(), timer, sender, nanoClock);
  }

  /** The caller of an invocation. Thread-safe; no method blocks or throws. */
  @Internal
  public interface Caller {
    /** Called before each request; once it returns false, no request is sent. */
    boolean wanted();

    /** Called when a request is about to be sent; again for each retry. */
    void sending();

    /** Called when an invocation may have run of which no response will arrive. */
    void ranUnseen();
  }

  /**
   * Invokes the function with {@code payload}. One Invoke, and more after throttling or service
   * errors, until {@code unavailable-timeout} has passed without a single invocation that ran.
   *
   * @param limit how long the invocation works; a response that does not arrive within it and the
   *     time of a start is lost
   * @param caller the outcome is {@link Withdrawn} when it does not want the invocation any longer
   * @return completes normally with every outcome; never exceptionally
   */
  public CompletableFuture<InvocationOutcome> invoke(
      byte[] payload, Duration limit, Caller caller) {
    CompletableFuture<InvocationOutcome> result = new CompletableFuture<>();
    PendingInvoke call =
        new PendingInvoke(
            payload, TimeLimit.aliveAtMost(limit), caller, OptionalLong.empty(), result);
    queue.submit(queued(call, 0));
    return result;
  }

  /** Withdraws invocations that have not been sent and are not wanted any longer. No request. */
  public void withdrawUnwanted() {
    queue.sweep();
  }

  /** Number of invocations that would be sent at once, beyond those in flight. No request. */
  public int room() {
    return queue.room();
  }

  @SuppressWarnings("ArrayRecordComponent") // private carrier; never compared
  private record PendingInvoke(
      byte[] payload,
      Duration timeout,
      Caller caller,
      OptionalLong unreachableSinceNanos,
      CompletableFuture<InvocationOutcome> result) {
    PendingInvoke unreachableSince(OptionalLong nanos) {
      return new PendingInvoke(payload, timeout, caller, nanos, result);
    }
  }

  private InvokeQueue.QueuedInvoke queued(PendingInvoke call, int tries) {
    return new InvokeQueue.QueuedInvoke(
        call.caller()::wanted,
        permit -> attempt(call, tries, permit),
        () -> call.result().complete(new Withdrawn()));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // completes call.result()
  private void attempt(PendingInvoke call, int tries, Permit permit) {
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
      permit.ended(End.LOST);
      call.result().complete(new Refused(messages.prefix() + ": " + e.getMessage()));
      return;
    } catch (Throwable e) { // out of memory, or no class: it may have been sent
      LOG.error("Cannot send an invocation", e);
      permit.ended(End.LOST);
      call.result().complete(new ResponseLost(messages.prefix() + ": " + e));
      return;
    }
    sent.whenComplete(
        (response, failure) -> {
          try {
            if (failure == null) {
              permit.ended(End.RAN);
              settle(call, tries, outcome(response));
            } else {
              settle(call, tries, permit, unwrap(failure));
            }
          } catch (RejectedExecutionException e) {
            permit.ended(End.LOST);
            call.result()
                .complete(new Refused(messages.prefix() + ": the application is stopping."));
          } catch (Throwable e) {
            LOG.error("Cannot settle an invocation", e);
            permit.ended(End.LOST);
            call.result().complete(new ResponseLost(messages.prefix() + ": " + e));
          }
        });
  }

  private void settle(PendingInvoke call, int tries, InvocationOutcome outcome) {
    if (outcome instanceof FunctionFailed failed
        && failed.kind() == FailureKind.OTHER_APPLICATION
        && tries < MAX_ENVIRONMENTS) {
      // No part of the task ran, and the environment has ended.
      account.sentAgain();
      queue.submitLater(queued(call, tries + 1), 0);
    } else {
      if (outcome instanceof FunctionFailed) {
        call.caller().ranUnseen();
      }
      call.result().complete(outcome);
    }
  }

  private void settle(PendingInvoke call, int tries, Permit permit, Throwable failure) {
    switch (InvokeErrors.of(failure)) {
      case THROTTLED -> refusedForNow(call, tries, permit, End.THROTTLED, failure);
      case RATE_EXCEEDED -> refusedForNow(call, tries, permit, End.RATE_EXCEEDED, failure);
      case UNAVAILABLE -> {
        call.caller().ranUnseen();
        refusedForNow(call, tries, permit, End.UNAVAILABLE, failure);
      }
      case UNREACHABLE -> {
        permit.ended(End.LOST);
        long now = nanoClock.getAsLong();
        long since = call.unreachableSinceNanos().orElse(now);
        if (isUnreachable(Duration.ofNanos(now - since))) {
          call.result()
              .complete(new Refused(messages.unreachable(InvokeErrors.connectFailure(failure))));
        } else {
          retry(call.unreachableSince(OptionalLong.of(since)), tries);
        }
      }
      case REFUSED -> {
        permit.ended(End.REFUSED);
        call.result().complete(new Refused(messages.refusal(failure)));
      }
      case RESPONSE_LOST -> {
        permit.ended(End.LOST);
        call.caller().ranUnseen();
        call.result()
            .complete(new ResponseLost(messages.prefix() + ": the connection broke: " + failure));
      }
    }
  }

  /**
   * Whether the API is unreachable: this invocation has tried for the whole timeout, and no other
   * one has had a response in that time. One connection alone may fail for other reasons.
   */
  private boolean isUnreachable(Duration tried) {
    Duration limit = settings.unreachableTimeout();
    return tried.compareTo(limit) >= 0 && queue.sinceResponse().compareTo(limit) >= 0;
  }

  /** Retries: the task did not cause it, so it does not count as a failure of the task. */
  private void refusedForNow(
      PendingInvoke call, int tries, Permit permit, End end, Throwable failure) {
    permit.ended(end);
    Duration refusing = queue.refusingFor().orElse(Duration.ZERO);
    String message = failure instanceof AwsServiceException e ? messages.message(e) : "";
    if (refusing.compareTo(settings.unavailableTimeout()) > 0) {
      call.result()
          .complete(
              new Refused(
                  messages.prefix()
                      + ": Lambda has run nothing for "
                      + refusing.toSeconds()
                      + " s ("
                      + message
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
          "Lambda refuses invocations of {} for now ({}; nothing ran for {} s): {}. Tasks wait and"
              + " do not fail.",
          settings.function(),
          message,
          refusing.toSeconds(),
          queue.state());
    }
    retry(call.unreachableSince(OptionalLong.empty()), tries);
  }

  private void retry(PendingInvoke call, int tries) {
    account.sentAgain();
    long ceiling = Math.min(MAX_BACKOFF_MILLIS, 50L << Math.min(tries, 7));
    long delay = ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1);
    queue.submitLater(queued(call, tries + 1), delay);
  }

  private InvocationOutcome outcome(InvokeResponse response) {
    String requestId = response.responseMetadata().requestId();
    String tail =
        response.logResult() == null
            ? ""
            : forPeople(
                new String(
                    Base64.getDecoder().decode(response.logResult()), StandardCharsets.UTF_8));
    Optional<InvocationReport> report = InvocationReport.parse(tail);
    account.invoked(report);
    byte[] body = response.payload() == null ? new byte[0] : response.payload().asByteArray();
    if (response.functionError() == null) {
      return new Returned(body, requestId, tail, report);
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
        FunctionErrors.kind(type, message, tail), forPeople(message), requestId, tail, report);
  }

  /** Text of the function becomes part of errors, of the log and of the UI. */
  private String forPeople(String text) {
    return String.valueOf(Printable.text(secrets.hidden(text)));
  }

  static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
