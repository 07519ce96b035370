// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it;

import io.letsdata.fixtures.http.HttpHead;
import io.letsdata.fixtures.http.HttpRelay;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a Lambda API and swallows messages without closing a connection, as a network does
 * that has forgotten one: the client hears nothing, not even an end. Refuses to tell a function's
 * configuration, so that the driver's settings decide the time limit. Whoever starts it closes it.
 */
final class SilentProxy implements AutoCloseable {
  enum Swallow {
    /** The server does not see the request. */
    REQUEST,
    /** The server answers, the client does not see it. */
    ANSWER
  }

  private static final byte[] FORBIDDEN =
      "HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: AccessDeniedException\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final HttpRelay relay;
  private final Map<String, Swallow> plan = new ConcurrentHashMap<>();

  private SilentProxy(HttpRelay relay) {
    this.relay = relay;
  }

  static SilentProxy start(URI server) throws IOException {
    HttpRelay relay = HttpRelay.bind(server);
    SilentProxy proxy = new SilentProxy(relay);
    relay.serve(proxy::exchange);
    return proxy;
  }

  String endpoint() {
    return relay.endpoint().toString();
  }

  /** Hits the next request whose body contains {@code text}. */
  void swallow(Swallow what, String text) {
    plan.put(text, what);
  }

  /** What has not happened yet. */
  Map<String, Swallow> planned() {
    return Map.copyOf(plan);
  }

  private boolean exchange(HttpRelay.Connection connection) throws IOException {
    HttpHead request = HttpHead.read(connection.fromClient());
    if (request == null) {
      return false;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    request.copyBody(connection.fromClient(), body, Long.MAX_VALUE);
    if (request.text().contains("/configuration ")) {
      connection.toClient().write(FORBIDDEN);
      return true;
    }
    Swallow swallow = take(body.toString(StandardCharsets.UTF_8));
    if (swallow == Swallow.REQUEST) {
      return true; // and the client, which waits, sends no other
    }
    connection.toServer().write(request.bytes());
    body.writeTo(connection.toServer());
    HttpHead answer = HttpHead.read(connection.fromServer());
    if (answer == null) {
      return false;
    }
    ByteArrayOutputStream answered = new ByteArrayOutputStream();
    answer.copyBody(connection.fromServer(), answered, Long.MAX_VALUE);
    if (swallow == null) {
      connection.toClient().write(answer.bytes());
      answered.writeTo(connection.toClient());
    }
    return true;
  }

  private @Nullable Swallow take(String body) {
    for (String text : plan.keySet()) {
      if (body.contains(text)) {
        return plan.remove(text);
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    relay.close();
  }
}
