// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.letsdata.local.admin.Fault;
import io.letsdata.local.environment.FunctionInvocation;
import io.letsdata.local.environment.InvocationOutcome;
import io.letsdata.local.environment.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The Lambda API's {@code /2015-03-31/functions/} (API reference, "Invoke", "GetFunction",
 * "GetFunctionConfiguration", "UpdateFunctionConfiguration"). Checks in the order of AWS:
 * signature, function, size, JSON, rate, concurrency.
 */
final class InvokeApi implements HttpHandler {

  /**
   * Developer guide, "Lambda quotas", "Invocation payload": 6 MB for request and for response,
   * synchronous.
   */
  static final int SYNC_LIMIT_BYTES = 6 * 1024 * 1024;

  /** The same page: 1 MB asynchronous. */
  static final int ASYNC_LIMIT_BYTES = 1024 * 1024;

  private final Map<String, DeployedFunction> functions;
  private final FaultInjector faults;
  private final AsyncInvocations asynchronous;
  private final PayloadDump dump;
  private final SignatureCheck signatures;

  InvokeApi(
      Map<String, DeployedFunction> functions,
      FaultInjector faults,
      AsyncInvocations asynchronous,
      PayloadDump dump,
      SignatureCheck signatures) {
    this.functions = functions;
    this.faults = faults;
    this.asynchronous = asynchronous;
    this.dump = dump;
    this.signatures = signatures;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      route(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      if (exchange.getResponseCode() < 0) {
        ApiResponses.error(exchange, 500, "ServiceException", "Stand-in failed: " + e);
      }
    }
  }

  private void route(HttpExchange exchange) throws IOException, InterruptedException {
    MessageDigest digest = SignatureCheck.newDigest();
    InputStream in = new DigestInputStream(exchange.getRequestBody(), digest);
    byte[] body = in.readNBytes(SYNC_LIMIT_BYTES + 1);
    // Read to the end, so that the client gets its response instead of a broken pipe.
    long more = in.transferTo(OutputStream.nullOutputStream());
    Optional<SignatureCheck.Refusal> refusal =
        signatures.refusal(received(exchange, digest.digest()));
    if (refusal.isPresent()) {
      ApiResponses.error(exchange, 403, refusal.get().type(), refusal.get().message());
      return;
    }
    Optional<FunctionPath> path = FunctionPath.parse(exchange.getRequestURI().getRawPath());
    if (path.isEmpty()) {
      ApiResponses.error(
          exchange,
          404,
          "UnknownOperationException",
          "The stand-in does not know " + exchange.getRequestURI());
      return;
    }
    DeployedFunction function = functions.get(path.get().name());
    if (function == null) {
      ApiResponses.error(
          exchange,
          404,
          "ResourceNotFoundException",
          "Function not found: arn:aws:lambda:us-east-1:000000000000:function:"
              + path.get().name());
      return;
    }
    switch (path.get().operation()) {
      case "invocations" -> invoke(exchange, function, body, body.length + more);
      case "configuration" -> {
        if (exchange.getRequestMethod().equals("PUT")) {
          update(exchange, function, body);
        } else {
          ApiResponses.json(exchange, 200, FunctionDescriptions.configuration(function));
        }
      }
      case "" -> ApiResponses.json(exchange, 200, FunctionDescriptions.function(function));
      default ->
          ApiResponses.error(
              exchange,
              404,
              "UnknownOperationException",
              "The stand-in does not know " + exchange.getRequestURI());
    }
  }

  /** API reference, "UpdateFunctionConfiguration"; the members that make up a size, no others. */
  private static void update(HttpExchange exchange, DeployedFunction function, byte[] body)
      throws IOException {
    try {
      function.update(function.definition().size().updated(Json.MAPPER.readTree(body)));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      ApiResponses.error(
          exchange, 400, "InvalidParameterValueException", String.valueOf(e.getMessage()));
      return;
    }
    ApiResponses.json(exchange, 200, FunctionDescriptions.configuration(function));
  }

  private void invoke(HttpExchange exchange, DeployedFunction function, byte[] body, long size)
      throws IOException, InterruptedException {
    String type = header(exchange, "X-Amz-Invocation-Type").orElse("RequestResponse");
    int limit = type.equals("Event") ? ASYNC_LIMIT_BYTES : SYNC_LIMIT_BYTES;
    if (size > limit) {
      ApiResponses.error(
          exchange,
          413,
          "RequestTooLargeException",
          "%s byte payload is too large for the %s invocation type (limit %s bytes)"
              .formatted(size, type, limit));
      return;
    }
    byte[] payload = body.length == 0 ? new byte[] {'{', '}'} : body;
    Optional<String> problem = Json.problem(payload);
    if (problem.isPresent()) {
      ApiResponses.error(
          exchange,
          400,
          "InvalidRequestContentException",
          "Could not parse request body into json: " + problem.get());
      return;
    }
    String requestId = UUID.randomUUID().toString();
    FunctionInvocation invocation =
        new FunctionInvocation(requestId, payload, header(exchange, "X-Amz-Client-Context"));
    if (type.equals("DryRun")) {
      ApiResponses.send(exchange, 204, new byte[0], Map.of("x-amzn-RequestId", requestId));
      return;
    }
    if (!function.rateLimit().tryTake()) {
      ApiResponses.throttled(exchange, "ReservedFunctionInvocationRateLimitExceeded");
      return;
    }
    dump.write(function.definition().name(), invocation);
    if (type.equals("Event")) {
      if (asynchronous.accept(function, invocation)) {
        ApiResponses.send(exchange, 202, new byte[0], Map.of("x-amzn-RequestId", requestId));
      } else {
        ApiResponses.throttled(exchange, "CallerRateLimitExceeded");
      }
      return;
    }
    synchronous(exchange, function, invocation);
  }

  private void synchronous(
      HttpExchange exchange, DeployedFunction function, FunctionInvocation invocation)
      throws IOException, InterruptedException {
    Optional<Fault> fault = faults.faultFor(function, invocation);
    switch (fault.map(Fault::kind).orElse(Fault.Kind.DELAY_ANSWER)) {
      case THROTTLE -> {
        ApiResponses.throttled(exchange, "ReservedFunctionConcurrentInvocationLimitExceeded");
        return;
      }
      case RATE_EXCEEDED -> {
        ApiResponses.throttled(exchange, "ReservedFunctionInvocationRateLimitExceeded");
        return;
      }
      case FORBIDDEN -> {
        ApiResponses.error(
            exchange,
            403,
            "AccessDeniedException",
            "User is not authorized to perform: lambda:InvokeFunction");
        return;
      }
      case SERVICE_ERROR -> {
        serviceError(exchange);
        return;
      }
      case REQUEST_LOST -> {
        return;
      }
      default -> {}
    }
    Optional<InvocationOutcome> outcome = faults.run(function, invocation, fault);
    if (outcome.isEmpty()) {
      ApiResponses.throttled(exchange, "ReservedFunctionConcurrentInvocationLimitExceeded");
      return;
    }
    Optional<Fault.Kind> kind = fault.map(Fault::kind);
    if (kind.equals(Optional.of(Fault.Kind.ANSWER_LOST))) {
      // Closing an exchange that has no response closes its connection.
      return;
    }
    if (kind.equals(Optional.of(Fault.Kind.SERVICE_ERROR_AFTER))) {
      serviceError(exchange);
      return;
    }
    respond(exchange, outcome.get());
  }

  private static void respond(HttpExchange exchange, InvocationOutcome outcome) throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("x-amzn-RequestId", outcome.requestId());
    headers.put("X-Amz-Executed-Version", "$LATEST");
    if (outcome.response().errorType().isPresent()) {
      headers.put("X-Amz-Function-Error", "Unhandled");
    }
    if (header(exchange, "X-Amz-Log-Type").equals(Optional.of("Tail"))) {
      headers.put("X-Amz-Log-Result", Base64.getEncoder().encodeToString(outcome.logTail()));
    }
    ApiResponses.send(exchange, 200, outcome.response().body(), headers);
  }

  private static void serviceError(HttpExchange exchange) throws IOException {
    ApiResponses.error(
        exchange, 500, "ServiceException", "The Lambda service encountered an internal error.");
  }

  private static SignatureCheck.Request received(HttpExchange exchange, byte[] bodyHash) {
    Map<String, List<String>> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    return new SignatureCheck.Request(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getRawPath(),
        Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
        headers,
        bodyHash);
  }

  private static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }
}
