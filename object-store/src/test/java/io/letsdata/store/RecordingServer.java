package io.letsdata.store;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Agrees to every write and keeps what it was asked, headers included. Whoever starts it closes it.
 */
public final class RecordingServer implements AutoCloseable {

  /** One request; the query tells what a POST wants. */
  public record Recorded(String method, String query, Headers headers) {
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.getFirst(name));
    }
  }

  private final HttpServer server;
  private final List<Recorded> requests = new CopyOnWriteArrayList<>();

  private RecordingServer(HttpServer server) {
    this.server = server;
  }

  public static RecordingServer start() throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    RecordingServer server = new RecordingServer(http);
    http.createContext("/", server::answer);
    http.start();
    return server;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    requests.add(new Recorded(exchange.getRequestMethod(), query, exchange.getRequestHeaders()));
    exchange.getRequestBody().readAllBytes();
    byte[] body = body(exchange.getRequestMethod(), query).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("ETag", "\"abc\"");
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String body(String method, String query) {
    if (!method.equals("POST")) {
      return "";
    }
    return query.startsWith("uploads")
        ? "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
        : "<CompleteMultipartUploadResult><ETag>\"abc\"</ETag></CompleteMultipartUploadResult>";
  }

  public List<Recorded> requests() {
    return requests;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
