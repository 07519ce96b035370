// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationRequest;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/**
 * A Lambda client whose Invoke uses the SDK's signer and HTTP client directly. 50% of the driver's
 * CPU time for an empty task was spent between them: interceptors, marshalling, endpoint rules,
 * thread changes (benchmarks/RESULTS.md, "The driver's cost of a task").
 *
 * <p>The SDK decides the URL of the function: the first GetFunctionConfiguration shows it, and the
 * clock skew. Until then, and for all other operations, this is the SDK's own client. Invoke throws
 * the same exceptions as the SDK. Responses arrive on the HTTP client's threads, which must not
 * wait.
 *
 * <p>Thread-safe; closes both clients.
 */
final class DirectLambdaClient implements LambdaAsyncClient {
  private static final String CONFIGURATION = "/configuration";

  /**
   * Headers copied from the SDK's request: the client, and the trace by which Lambda sees loops.
   */
  private static final List<String> KEPT = List.of("User-Agent", "X-Amzn-Trace-Id");

  private final LambdaAsyncClient sdk;
  private final SdkAsyncHttpClient http;
  private final SdkObserver observer;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  /**
   * @param sdk made with {@code http} and {@code observer}
   */
  DirectLambdaClient(LambdaAsyncClient sdk, SdkAsyncHttpClient http, SdkObserver observer) {
    this.sdk = sdk;
    this.http = http;
    this.observer = observer;
  }

  /** Reads URL, headers and clock skew from the SDK's own requests; thread-safe. */
  static final class SdkObserver implements ExecutionInterceptor {
    private static final ExecutionAttribute<Long> SENT_AT =
        new ExecutionAttribute<>("io.letsdata.sent-at");

    private final AtomicReference<@Nullable SdkHttpRequest> request = new AtomicReference<>();
    private volatile Reading reading = new Reading(System.nanoTime(), Clock.systemUTC());

    /** The service's clock, by the response to a request that was sent at a time of nanoTime. */
    private record Reading(long sentAt, Clock clock) {}

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      attributes.putAttribute(SENT_AT, System.nanoTime());
    }

    @Override
    public void afterTransmission(
        Context.AfterTransmission context, ExecutionAttributes attributes) {
      if (context.httpRequest().encodedPath().endsWith(CONFIGURATION)) {
        request.set(context.httpRequest());
      }
      responded(context.httpResponse(), attributes.getAttribute(SENT_AT));
    }

    Clock clock() {
      return reading.clock();
    }

    /**
     * Corrects the clock, unless the response to a later request has done so already.
     *
     * @param sentAt when the request was sent, of {@link System#nanoTime}
     */
    synchronized void responded(SdkHttpResponse response, long sentAt) {
      if (sentAt - reading.sentAt() < 0) {
        return;
      }
      ClockSkew.ahead(response)
          .map(
              ahead ->
                  ClockSkew.isWrong(ahead)
                      ? Clock.offset(Clock.systemUTC(), ahead)
                      : Clock.systemUTC())
          .ifPresent(clock -> reading = new Reading(sentAt, clock));
    }
  }

  /** One request. Uses the function, payload, log type and time limit of {@code request}. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // every path completes the response
  public CompletableFuture<InvokeResponse> invoke(InvokeRequest request) {
    SdkHttpRequest configuration = observer.request.get();
    if (configuration == null || request.payload() == null) {
      return sdk.invoke(request);
    }
    CompletableFuture<InvokeResponse> response = new CompletableFuture<>();
    Optional<Duration> limit = request.overrideConfiguration().flatMap(c -> c.apiCallTimeout());
    limit.ifPresent(time -> response.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS));
    PayloadPublisher body = new PayloadPublisher(request.payload().asByteArrayUnsafe());
    CompletableFuture<InvokeResponse> result = response.exceptionally(e -> rethrow(e, limit, body));
    try {
      sdk.serviceClientConfiguration()
          .credentialsProvider()
          .resolveIdentity()
          .thenAccept(identity -> send(identity, configuration, request, body, response))
          .whenComplete((sent, failure) -> failed(response, failure));
    } catch (RuntimeException e) { // most credentials providers throw
      failed(response, e);
    }
    return result;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // every path completes the response
  private void send(
      AwsCredentialsIdentity identity,
      SdkHttpRequest configuration,
      InvokeRequest request,
      PayloadPublisher body,
      CompletableFuture<InvokeResponse> response) {
    byte[] payload = request.payload().asByteArrayUnsafe();
    Clock clock = observer.clock();
    SdkHttpRequest unsigned = unsigned(configuration, request, payload.length);
    SdkHttpRequest signed =
        signer
            .sign(
                r ->
                    r.request(unsigned)
                        .identity(identity)
                        .payload(() -> new ByteArrayInputStream(payload))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "lambda")
                        .putProperty(
                            AwsV4HttpSigner.REGION_NAME,
                            sdk.serviceClientConfiguration().region().id())
                        .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, clock))
            .request();
    CompletableFuture<Void> sent =
        http.execute(
            AsyncExecuteRequest.builder()
                .request(signed)
                .requestContentPublisher(body)
                .responseHandler(
                    new InvokeResponseHandler(response, observer, clock, System.nanoTime()))
                .build());
    sent.whenComplete((done, failure) -> failed(response, failure));
    // Out of time: the connection is closed, too. Never after a response, even an error: the
    // connection is back in the pool then, and the HTTP client would close it, perhaps just when
    // the next request has been given it (NettyRequestExecutor.createExecutionFuture 2.44).
    response.whenComplete((done, failure) -> failed(sent, isOutOfTime(failure) ? failure : null));
  }

  private static boolean isOutOfTime(@Nullable Throwable failure) {
    return failure instanceof TimeoutException && failure.getMessage() == null;
  }

  private static void failed(CompletableFuture<?> future, @Nullable Throwable failure) {
    if (failure != null) {
      future.completeExceptionally(failure);
    }
  }

  private static SdkHttpRequest unsigned(
      SdkHttpRequest configuration, InvokeRequest request, int length) {
    String path = configuration.encodedPath();
    SdkHttpFullRequest.Builder unsigned =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .protocol(configuration.protocol())
            .host(configuration.host())
            .port(configuration.port())
            .encodedPath(path.substring(0, path.length() - CONFIGURATION.length()) + "/invocations")
            .putHeader("Content-Type", "application/json")
            .putHeader("Content-Length", Integer.toString(length));
    if (request.logTypeAsString() != null) {
      unsigned.putHeader("X-Amz-Log-Type", request.logTypeAsString());
    }
    for (String name : KEPT) {
      configuration.firstMatchingHeader(name).ifPresent(value -> unsigned.putHeader(name, value));
    }
    return unsigned.build();
  }

  /** A connection that broke before it took the body counts as none: nothing was sent. */
  private static InvokeResponse rethrow(
      Throwable failure, Optional<Duration> limit, PayloadPublisher body) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (isOutOfTime(cause) && limit.isPresent()) {
      throw ApiCallTimeoutException.create(limit.get().toMillis());
    }
    if (cause instanceof SdkException sdkException) {
      throw sdkException;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof IOException && !body.isSent()) {
      ConnectException broken =
          new ConnectException(
              "the connection broke before the request was sent: " + cause.getMessage());
      broken.initCause(cause);
      cause = broken;
    }
    throw SdkClientException.create("Cannot send the request: " + cause.getMessage(), cause);
  }

  @Override
  public CompletableFuture<GetFunctionConfigurationResponse> getFunctionConfiguration(
      GetFunctionConfigurationRequest request) {
    return sdk.getFunctionConfiguration(request);
  }

  @Override
  public String serviceName() {
    return sdk.serviceName();
  }

  @Override
  public void close() {
    sdk.close();
    http.close();
  }
}
