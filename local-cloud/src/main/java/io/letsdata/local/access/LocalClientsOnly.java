// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Refuses the requests of web pages, with 403. A page that was loaded from elsewhere can reach a
 * port of the loopback interface through the user's browser: its requests have an {@code Origin},
 * or, when the page's own name was made to point to this machine, that name as {@code Host}.
 * Stateless.
 */
@Internal
public final class LocalClientsOnly extends Filter {
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)(localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]):(\\d{1,5})");

  @Override
  public String description() {
    return "refuses requests of web pages";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    Optional<String> problem =
        problem(
            exchange.getRequestHeaders().getOrDefault("Host", List.of()),
            exchange.getRequestHeaders().getOrDefault("Origin", List.of()),
            exchange.getLocalAddress().getPort());
    if (problem.isEmpty()) {
      chain.doFilter(exchange);
    } else {
      refuse(exchange, problem.get());
    }
  }

  /** The reason to refuse a request to {@code port}; empty when there is none. */
  static Optional<String> problem(List<String> hosts, List<String> origins, int port) {
    if (!origins.isEmpty()) {
      return Optional.of("Requests with an Origin are refused.");
    }
    if (hosts.size() == 1) {
      var host = LOOPBACK.matcher(hosts.get(0));
      if (host.matches() && Integer.parseInt(host.group(2)) == port) {
        return Optional.empty();
      }
    }
    return Optional.of("Host must be 127.0.0.1:" + port + ".");
  }

  /** Answers 403 with a message and ends the exchange. */
  public static void refuse(HttpExchange exchange, String message) throws IOException {
    try (exchange) {
      // Read to the end, so that the client gets its response instead of a broken pipe.
      long unused = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      byte[] body = "{\"Type\":\"User\",\"message\":\"%s\"}".formatted(message).getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.getResponseHeaders().set("x-amzn-ErrorType", "AccessDeniedException");
      exchange.sendResponseHeaders(403, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
