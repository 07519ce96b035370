package io.letsdata.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers each request with the next status on its list, the last one for ever. Whoever starts it
 * closes it.
 */
final class ScriptedServer implements AutoCloseable {

  /** A status with S3's error code, or none for a success. */
  record Reply(int status, String code, boolean etag) {
    Reply(int status, String code) {
      this(status, code, true);
    }

    Reply withoutEtag() {
      return new Reply(status, code, false);
    }
  }

  private final HttpServer server;
  private final ConcurrentLinkedQueue<Reply> replies;
  private final AtomicInteger requests = new AtomicInteger();

  private ScriptedServer(HttpServer server, List<Reply> replies) {
    this.server = server;
    this.replies = new ConcurrentLinkedQueue<>(replies);
  }

  static ScriptedServer start(Reply... replies) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ScriptedServer server = new ScriptedServer(http, List.of(replies));
    http.createContext("/", server::answer);
    http.start();
    return server;
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    Reply reply = replies.size() > 1 ? replies.remove() : replies.element();
    exchange.getRequestBody().readAllBytes();
    byte[] body = new byte[0];
    if (!reply.code().isEmpty()) {
      body =
          "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>scripted</Message></Error>"
              .formatted(reply.code())
              .getBytes(StandardCharsets.UTF_8);
    }
    if (reply.etag()) {
      exchange.getResponseHeaders().add("ETag", "\"abc\"");
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", "0");
    }
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  int requests() {
    return requests.get();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
