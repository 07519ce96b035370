// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.LambdaException;

/** When the connection of an invocation is given up, on an HTTP client that the test plays. */
final class DirectLambdaClientConnectionsTest {
  private final ScriptedHttp http = new ScriptedHttp();
  private final DirectLambdaClient client = client(http);

  /** The future is the one that the client under test was given for its last request. */
  private static final class ScriptedHttp implements SdkAsyncHttpClient {
    private CompletableFuture<Void> exchange = new CompletableFuture<>();
    private Function<AsyncExecuteRequest, CompletableFuture<Void>> script =
        request -> answer(request, 200, "{\"Timeout\":3}");

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
      exchange = script.apply(request);
      return exchange;
    }

    @Override
    public void close() {}
  }

  private static DirectLambdaClient client(SdkAsyncHttpClient http) {
    DirectLambdaClient.SdkObserver learned = new DirectLambdaClient.SdkObserver();
    LambdaAsyncClient sdk =
        LambdaAsyncClient.builder()
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .region(Region.EU_WEST_3)
            .endpointOverride(URI.create("http://127.0.0.1:1"))
            .httpClient(http)
            .overrideConfiguration(c -> c.addExecutionInterceptor(learned))
            .build();
    return new DirectLambdaClient(sdk, http, learned);
  }

  @BeforeEach
  void describe() {
    var unused = client.getFunctionConfiguration(r -> r.functionName("f")).join();
  }

  @AfterEach
  void close() {
    client.close();
  }

  /** The response is whole; the connection is not yet back in the pool. */
  private static CompletableFuture<Void> answer(
      AsyncExecuteRequest request, int status, String body) {
    request.responseHandler().onHeaders(SdkHttpFullResponse.builder().statusCode(status).build());
    request
        .responseHandler()
        .onStream(AsyncRequestBody.fromBytes(body.getBytes(StandardCharsets.UTF_8)));
    return status == 200 ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
  }

  private static CompletableFuture<Void> broken(AsyncExecuteRequest request) {
    IOException failure = new IOException("planted");
    request.responseHandler().onError(failure);
    return CompletableFuture.failedFuture(failure);
  }

  private Throwable failureOfInvoke(Duration limit) {
    InvokeRequest request =
        InvokeRequest.builder()
            .functionName("f")
            .overrideConfiguration(c -> c.apiCallTimeout(limit))
            .payload(SdkBytes.fromUtf8String("{}"))
            .build();
    try {
      var unused = client.invoke(request).join();
      return new AssertionError("no failure");
    } catch (CompletionException e) {
      return LambdaInvoker.unwrap(e);
    }
  }

  /** The HTTP client would close it after its return to the pool, under the next request. */
  @ParameterizedTest
  @ValueSource(ints = {429, 500, 403})
  void connectionOfAnErrorResponseStaysOpen(int status) {
    http.script = request -> answer(request, status, "{}");

    Throwable failure = failureOfInvoke(Duration.ofMinutes(5));

    assertThat(failure).isInstanceOf(LambdaException.class);
    assertThat(http.exchange).isNotDone();
  }

  @Test
  void connectionOfALateResponseIsClosed() {
    http.script = request -> new CompletableFuture<>();

    Throwable failure = failureOfInvoke(Duration.ofMillis(1));

    assertThat(InvokeErrors.of(failure)).isEqualTo(InvokeErrors.Meaning.RESPONSE_LOST);
    assertThat(http.exchange)
        .failsWithin(Duration.ofMinutes(1))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void connectionThatClosesBeforeItTakesTheRequestCountsAsNone() {
    http.script = DirectLambdaClientConnectionsTest::broken;

    Throwable failure = failureOfInvoke(Duration.ofMinutes(5));

    assertThat(InvokeErrors.of(failure)).isEqualTo(InvokeErrors.Meaning.UNREACHABLE);
    assertThat(failure)
        .hasMessageContaining("the connection broke before the request was sent: planted");
  }

  @Test
  void connectionThatClosesAfterItTookTheRequestLosesTheResponse() {
    List<ByteBuffer> sent = new ArrayList<>();
    http.script =
        request -> {
          SdkPublisher.adapt(request.requestContentPublisher()).subscribe(sent::add).join();
          return broken(request);
        };

    Throwable failure = failureOfInvoke(Duration.ofMinutes(5));

    assertThat(sent).hasSize(1);
    assertThat(InvokeErrors.of(failure)).isEqualTo(InvokeErrors.Meaning.RESPONSE_LOST);
  }
}
