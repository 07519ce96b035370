// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.letsdata.local.access.AccessToken;
import io.letsdata.local.access.LocalClientsOnly;
import io.letsdata.local.admin.Chaos;
import io.letsdata.local.admin.Fault;
import io.letsdata.local.environment.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The test controls, below {@code /_local/}; not part of AWS. {@code GET environments}, {@code GET
 * invocations}, {@code GET cold-starts}, {@code GET|POST|DELETE faults}, {@code POST
 * environments/<id>/kill}, {@code POST expire} (ends idle environments). Each request needs the
 * header {@code Authorization: Bearer <token>}.
 */
final class AdminApi implements HttpHandler {

  static final String BASE = "/_local/";

  private static final String BEARER = "Bearer ";

  private final Collection<DeployedFunction> functions;
  private final FaultPlan plan;
  private final AccessToken token;

  AdminApi(Collection<DeployedFunction> functions, FaultPlan plan, AccessToken token) {
    this.functions = functions;
    this.plan = plan;
    this.token = token;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null
        || !authorization.startsWith(BEARER)
        || !token.matches(authorization.substring(BEARER.length()))) {
      LocalClientsOnly.refuse(exchange, "The test controls need the token of this start.");
      return;
    }
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath().substring(BASE.length());
      Optional<Object> response = response(exchange.getRequestMethod() + " " + path, body);
      if (response.isPresent()) {
        ApiResponses.json(exchange, 200, response.get());
      } else {
        ApiResponses.error(exchange, 404, "NotFound", "Nothing at " + exchange.getRequestURI());
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      ApiResponses.error(exchange, 400, "BadRequest", e.getOriginalMessage());
    }
  }

  private Optional<Object> response(String request, byte[] body) throws IOException {
    return switch (request) {
      case "GET environments" ->
          Optional.of(functions.stream().flatMap(f -> f.pool().infos().stream()).toList());
      case "GET invocations" ->
          Optional.of(functions.stream().flatMap(f -> f.records().stream()).toList());
      case "GET cold-starts" ->
          Optional.of(functions.stream().mapToLong(f -> f.pool().coldStarts()).sum());
      case "GET faults" -> Optional.of(plan.pending());
      case "POST faults" -> {
        plan.add(Json.MAPPER.readValue(body, Fault.class));
        yield Optional.of(Map.of());
      }
      case "POST chaos" -> {
        plan.chaos(Json.MAPPER.readValue(body, Chaos.class));
        yield Optional.of(Map.of());
      }
      case "DELETE faults" -> {
        plan.clear();
        yield Optional.of(Map.of());
      }
      case "POST expire" -> {
        functions.forEach(f -> f.pool().expire(Duration.ZERO));
        yield Optional.of(Map.of());
      }
      default -> request.matches("POST environments/[^/]+/kill") ? kill(request) : Optional.empty();
    };
  }

  private Optional<Object> kill(String request) {
    String id = List.of(request.split("/", -1)).get(1);
    return functions.stream()
        .flatMap(function -> function.pool().environments().stream())
        .filter(environment -> environment.id().equals(id))
        .findFirst()
        .map(
            environment -> {
              environment.kill();
              return environment.info();
            });
  }
}
