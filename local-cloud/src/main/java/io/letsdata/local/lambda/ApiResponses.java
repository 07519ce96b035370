// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import io.letsdata.local.environment.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/** Responses of the Lambda API in the shapes that SDK clients parse. */
final class ApiResponses {

  private ApiResponses() {}

  /** An error in the form of AWS (API reference, "Invoke", "Errors"). */
  static void error(HttpExchange exchange, int status, String type, String message)
      throws IOException {
    error(exchange, status, type, message, "");
  }

  /** The same for a throttle, with its {@code Reason}. */
  static void throttled(HttpExchange exchange, String reason) throws IOException {
    error(
        exchange,
        429,
        "TooManyRequestsException",
        "Rate Exceeded.",
        "\"Reason\":\"%s\",".formatted(reason));
  }

  static void json(HttpExchange exchange, int status, Object value) throws IOException {
    send(exchange, status, Json.MAPPER.writeValueAsBytes(value), Map.of());
  }

  static void send(HttpExchange exchange, int status, byte[] body, Map<String, String> headers)
      throws IOException {
    var response = exchange.getResponseHeaders();
    response.set("Content-Type", "application/json");
    response.set("x-amzn-RequestId", UUID.randomUUID().toString());
    headers.forEach(response::set);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static void error(
      HttpExchange exchange, int status, String type, String message, String more)
      throws IOException {
    String json =
        "{\"Type\":\"User\",%s\"Message\":\"%s\",\"message\":\"%s\"}"
            .formatted(more, Json.escape(message), Json.escape(message));
    send(exchange, status, json.getBytes(StandardCharsets.UTF_8), Map.of("x-amzn-ErrorType", type));
  }
}
