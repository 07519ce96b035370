// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.options.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;

final class DirectLambdaClientTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LinkedBlockingQueue<Map<String, String>> seen = new LinkedBlockingQueue<>();
  private final CountDownLatch testEnded = new CountDownLatch(1);
  private @Nullable HttpServer server;
  private @Nullable LambdaAsyncClient client;
  private volatile Answering answering = exchange -> answer(exchange, 200, "\"done\"");

  private interface Answering {
    void to(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    Map<String, String> conf =
        Map.of(
            "spark.letsdata.run.location", "s3://b/runs",
            "spark.letsdata.credentials", "local-stack",
            "spark.letsdata.credentials-file", TestIdentity.file().toString(),
            "spark.letsdata.lambda.endpoint", "http://127.0.0.1:" + port(),
            "spark.letsdata.lambda.region", "eu-west-3");
    client = LambdaClients.create(LambdaSettings.from("lambda://f", Options.ofSession(conf)));
  }

  @AfterEach
  void stop() {
    testEnded.countDown();
    client().close();
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
  }

  private int port() {
    return server == null ? 0 : server.getAddress().getPort();
  }

  private LambdaAsyncClient client() {
    if (client == null) {
      throw new IllegalStateException("not started");
    }
    return client;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestURI().getPath().endsWith("/configuration")) {
        answer(exchange, 200, "{\"Timeout\":3}");
        return;
      }
      seen.add(
          Map.of(
              "path",
              exchange.getRequestURI().getRawPath(),
              "body",
              new String(body, StandardCharsets.UTF_8),
              "log",
              String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Log-Type")),
              "agent",
              String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent")),
              "token",
              String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token")),
              "authorization",
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
      answering.to(exchange);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("x-amzn-RequestId", "r-1");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void describe() {
    var unused = client().getFunctionConfiguration(r -> r.functionName("f")).join();
  }

  private InvokeResponse invoke() {
    return client().invoke(request(Duration.ofMinutes(5))).join();
  }

  private static InvokeRequest request(Duration limit) {
    return InvokeRequest.builder()
        .functionName("f")
        .logType(LogType.TAIL)
        .overrideConfiguration(c -> c.apiCallTimeout(limit))
        .payload(SdkBytes.fromUtf8String("{\"n\":1}"))
        .build();
  }

  private static Throwable cause(Throwable thrown) {
    return thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
  }

  @Test
  void requestEqualsThatOfTheSdkExceptItsTime() throws InterruptedException {
    InvokeResponse first = invoke(); // nothing is known of the function yet
    describe();
    InvokeResponse second = invoke();

    Map<String, String> sdk = seen.take();
    Map<String, String> direct = seen.take();
    assertThat(direct.get("path")).isEqualTo("/2015-03-31/functions/f/invocations");
    for (String same : new String[] {"path", "body", "log"}) {
      assertThat(direct).containsEntry(same, sdk.get(same));
    }
    assertThat(direct.get("agent")).contains("aws-sdk-java");
    assertThat(direct.get("authorization"))
        .contains("/eu-west-3/lambda/aws4_request")
        .contains("host;");
    assertThat(second.payload()).isEqualTo(first.payload());
    assertThat(second.responseMetadata().requestId()).isEqualTo("r-1");
  }

  @Test
  void functionsErrorAndLogAreInTheResponse() {
    describe();
    answering =
        exchange -> {
          exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
          exchange.getResponseHeaders().set("X-Amz-Log-Result", "bG9n");
          answer(exchange, 200, "{\"errorType\":\"T\"}");
        };

    InvokeResponse response = invoke();

    assertThat(response.functionError()).isEqualTo("Unhandled");
    assertThat(response.logResult()).isEqualTo("bG9n");
    assertThat(response.payload().asUtf8String()).isEqualTo("{\"errorType\":\"T\"}");
  }

  @Test
  void errorsHaveTheSameMeaningAsThoseOfTheSdk() throws InterruptedException {
    describe();

    assertThat(meaning(429, "TooManyRequestsException", "FunctionInvocationRateLimitExceeded"))
        .isEqualTo(InvokeErrors.Meaning.RATE_EXCEEDED);
    assertThat(meaning(429, "TooManyRequestsException", "ConcurrentInvocationLimitExceeded"))
        .isEqualTo(InvokeErrors.Meaning.THROTTLED);
    assertThat(meaning(500, "ServiceException", "")).isEqualTo(InvokeErrors.Meaning.UNAVAILABLE);
    assertThat(meaning(502, "InvalidZipFileException", "")).isEqualTo(InvokeErrors.Meaning.REFUSED);
    assertThat(meaning(403, "AccessDeniedException", "")).isEqualTo(InvokeErrors.Meaning.REFUSED);
    answering = exchange -> answer(exchange, 503, "<html>nobody there</html>");
    assertThat(InvokeErrors.of(failure())).isEqualTo(InvokeErrors.Meaning.UNAVAILABLE);
  }

  private Throwable failure() {
    try {
      var unused = invoke();
      return new AssertionError("no failure");
    } catch (CompletionException e) {
      return cause(e);
    }
  }

  private InvokeErrors.Meaning meaning(int status, String type, String reason) {
    answering =
        exchange -> {
          exchange.getResponseHeaders().set("x-amzn-ErrorType", type + ":http://internal/");
          answer(exchange, status, "{\"Reason\":\"" + reason + "\",\"message\":\"words of AWS\"}");
        };
    Throwable failure = failure();
    assertThat(failure)
        .isInstanceOfSatisfying(
            software.amazon.awssdk.services.lambda.model.LambdaException.class,
            e -> assertThat(InvokeErrors.message(e)).isEqualTo("words of AWS"));
    return InvokeErrors.of(failure);
  }

  @Test
  void responseThatBreaksOffIsLost() {
    describe();
    answering =
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(new byte[10]);
          exchange.getResponseBody().flush();
          throw new IOException("planted");
        };

    assertThatThrownBy(this::invoke)
        .satisfies(
            e ->
                assertThat(InvokeErrors.of(cause(e)))
                    .isEqualTo(InvokeErrors.Meaning.RESPONSE_LOST));
  }

  @Test
  void responseThatDoesNotArriveInTimeIsLost() {
    describe();
    answering =
        exchange -> {
          try {
            boolean unused = testEnded.await(5, TimeUnit.MINUTES);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };

    assertThatThrownBy(() -> client().invoke(request(Duration.ofMillis(200))).join())
        .satisfies(
            e -> {
              assertThat(cause(e)).isInstanceOf(ApiCallTimeoutException.class);
              assertThat(InvokeErrors.of(cause(e))).isEqualTo(InvokeErrors.Meaning.RESPONSE_LOST);
            });
  }

  private DirectLambdaClient direct(AwsCredentialsProvider credentials) {
    SdkAsyncHttpClient http = NettyNioAsyncHttpClient.create();
    DirectLambdaClient.SdkObserver learned = new DirectLambdaClient.SdkObserver();
    LambdaAsyncClient sdk =
        LambdaAsyncClient.builder()
            .credentialsProvider(credentials)
            .region(Region.EU_WEST_3)
            .endpointOverride(URI.create("http://127.0.0.1:" + port()))
            .httpClient(http)
            .overrideConfiguration(c -> c.addExecutionInterceptor(learned))
            .build();
    return new DirectLambdaClient(sdk, http, learned);
  }

  @Test
  void sessionTokenIsSentAndSigned() throws InterruptedException {
    AwsCredentialsProvider session = () -> AwsSessionCredentials.create("a", "b", "the/token+=");
    try (DirectLambdaClient direct = direct(session)) {
      var unused = direct.getFunctionConfiguration(r -> r.functionName("f")).join();
      var unusedAnswer = direct.invoke(request(Duration.ofMinutes(5))).join();
    }

    Map<String, String> sent = seen.take();
    assertThat(sent.get("token")).isEqualTo("the/token+=");
    assertThat(sent.get("authorization"))
        .containsPattern("SignedHeaders=[^,]*x-amz-security-token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"f:live", "f:$LATEST", "arn:aws:lambda:eu-west-3:123456789012:function:f:live"})
  void pathHasTheFunctionAsTheSdkEncodesIt(String function) throws InterruptedException {
    InvokeRequest request =
        request(Duration.ofMinutes(5)).toBuilder().functionName(function).build();
    var unusedFirst = client().invoke(request).join(); // by the SDK
    var unused = client().getFunctionConfiguration(r -> r.functionName(function)).join();
    var unusedSecond = client().invoke(request).join();

    String sdk = String.valueOf(seen.take().get("path"));
    assertThat(sdk).contains("%3A").doesNotContain(":");
    assertThat(seen.take().get("path")).isEqualTo(sdk);
  }

  @Test
  void missingCredentialsFailWithTheMessageOfTheSdk() {
    AtomicBoolean there = new AtomicBoolean(true);
    AwsCredentialsProvider credentials =
        () -> {
          if (there.get()) {
            return AwsBasicCredentials.create("a", "b");
          }
          throw SdkClientException.create("Unable to load credentials");
        };
    try (DirectLambdaClient direct = direct(credentials)) {
      var unused = direct.getFunctionConfiguration(r -> r.functionName("f")).join();
      there.set(false);

      assertThatThrownBy(() -> direct.invoke(request(Duration.ofMinutes(5))).join())
          .satisfies(
              e -> assertThat(InvokeErrors.of(cause(e))).isEqualTo(InvokeErrors.Meaning.REFUSED));
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void closedPortIsUnreachable() {
    describe();
    if (server != null) {
      server.stop(0);
    }

    assertThatThrownBy(
            () -> {
              invoke(); // may still find the pooled connection
              invoke();
            })
        .satisfies(
            e ->
                assertThat(InvokeErrors.of(cause(e)))
                    .isIn(InvokeErrors.Meaning.UNREACHABLE, InvokeErrors.Meaning.RESPONSE_LOST));
    assertThatThrownBy(this::invoke)
        .satisfies(
            e -> assertThat(InvokeErrors.of(cause(e))).isEqualTo(InvokeErrors.Meaning.UNREACHABLE));
  }
}
