// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.letsdata.local.access.AccessToken;
import io.letsdata.local.access.LocalClientsOnly;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The Runtime API of one environment, on a port of its own (AWS Lambda developer guide, "Using the
 * Lambda runtime API for custom runtimes"): {@code next}, {@code response}, {@code error} and
 * {@code init/error}. Only translates between HTTP and a {@link RuntimeSession}, which owns and
 * closes it. AWS's runtime client cannot authenticate, but it takes a path: only the environment
 * knows its own.
 */
final class RuntimeApi implements AutoCloseable {

  /** Six megabytes and 100 bytes, the number that the error message of Lambda names. */
  static final int RESPONSE_LIMIT_BYTES = 6 * 1024 * 1024 + 100;

  private static final String BASE = "/2018-06-01/runtime/";

  private final RuntimeSession session;
  private final String functionArn;
  private final AccessToken token = AccessToken.random();
  private final String base = "/" + token.text() + BASE;
  private final HttpServer server;

  RuntimeApi(RuntimeSession session, String functionArn, Executor executor) throws IOException {
    this.session = session;
    this.functionArn = functionArn;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.setExecutor(executor);
    server.createContext(base, this::handle).getFilters().add(new LocalClientsOnly());
    server.createContext("/", x -> LocalClientsOnly.refuse(x, "Unknown environment."));
    server.start();
  }

  /** {@code 127.0.0.1:<port>/<token>}, the value of AWS_LAMBDA_RUNTIME_API. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort() + "/" + token.text();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try {
      String action = exchange.getRequestURI().getPath().substring(base.length());
      if (action.equals("invocation/next")) {
        next(exchange);
      } else if (action.equals("init/error")) {
        session.initFailed(exchange.getRequestBody().readNBytes(RESPONSE_LIMIT_BYTES));
        reply(exchange, 202, "{\"status\":\"OK\"}");
      } else {
        result(exchange, action);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private void next(HttpExchange exchange) throws IOException, InterruptedException {
    Optional<RuntimeSession.Delivery> taken = session.next();
    if (taken.isEmpty()) {
      return;
    }
    FunctionInvocation invocation = taken.get().invocation();
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json");
    headers.set("Lambda-Runtime-Aws-Request-Id", invocation.requestId());
    headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(taken.get().deadlineEpochMillis()));
    headers.set("Lambda-Runtime-Invoked-Function-Arn", functionArn);
    headers.set("Lambda-Runtime-Trace-Id", traceId(invocation.requestId()));
    invocation
        .clientContext()
        .map(context -> new String(Base64.getDecoder().decode(context), StandardCharsets.UTF_8))
        .ifPresent(context -> headers.set("Lambda-Runtime-Client-Context", context));
    send(exchange, 200, invocation.payload());
  }

  private void result(HttpExchange exchange, String action) throws IOException {
    String[] parts = action.split("/", -1);
    byte[] body = exchange.getRequestBody().readNBytes(RESPONSE_LIMIT_BYTES + 1);
    boolean tooLarge = body.length > RESPONSE_LIMIT_BYTES;
    if (tooLarge) {
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    }
    FunctionResponse response =
        tooLarge
            ? FunctionResponse.failure(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (%s bytes)."
                    .formatted(RESPONSE_LIMIT_BYTES))
            : response(exchange, parts, body);
    if (parts.length != 3 || !session.responded(parts[1], response)) {
      reply(
          exchange,
          400,
          "{\"errorType\":\"InvalidRequestID\",\"errorMessage\":\"Invalid request ID\"}");
    } else if (tooLarge) {
      reply(
          exchange,
          413,
          "{\"errorType\":\"RequestEntityTooLarge\",\"errorMessage\":\"Exceeded maximum allowed payload size (%s bytes).\"}"
              .formatted(RESPONSE_LIMIT_BYTES));
    } else {
      reply(exchange, 202, "{\"status\":\"OK\"}");
    }
  }

  private static FunctionResponse response(HttpExchange exchange, String[] parts, byte[] body) {
    return parts[parts.length - 1].equals("error")
        ? FunctionResponse.reported(
            body,
            Optional.ofNullable(
                exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-Error-Type")))
        : FunctionResponse.success(body);
  }

  private static String traceId(String requestId) {
    long seconds = Duration.ofMillis(System.currentTimeMillis()).toSeconds();
    return "Root=1-%08x-%s;Parent=0000000000000001;Sampled=0"
        .formatted(seconds, requestId.replace("-", "").substring(0, 24));
  }

  private static void reply(HttpExchange exchange, int status, String json) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    send(exchange, status, json.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
