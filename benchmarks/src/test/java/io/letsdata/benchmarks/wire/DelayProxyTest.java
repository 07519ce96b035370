// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.letsdata.fixtures.http.HttpHead;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Everything passes as it is, later. */
final class DelayProxyTest {
  private static final long DELAY_NANOS = 30_000_000;

  @Test
  void requestPassesWholeAndWaits() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, 0); // chunked
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (DelayProxy proxy = DelayProxy.start(endpoint, () -> DELAY_NANOS)) {
      long since = System.nanoTime();
      String echo = put(proxy.endpoint().resolve("/key"), "content") + put(proxy.endpoint(), "");

      assertThat(echo).isEqualTo("content");
      assertThat(proxy.requests()).isEqualTo(2);
      assertThat(System.nanoTime() - since).isGreaterThanOrEqualTo(2 * DELAY_NANOS);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void chunkedBodyIsCopiedToItsLastChunkAndNotFurther() throws IOException {
    String body = "3;name=x\r\nabc\r\n0\r\n\r\n";
    ByteArrayInputStream in =
        in("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "GET");
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    requireNonNull(HttpHead.read(in)).copyBody(in, out, Long.MAX_VALUE);

    assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo(body);
    assertThat(in.readAllBytes()).asString().isEqualTo("GET");
  }

  @Test
  void headThatEndsTooEarlyIsNone() throws IOException {
    assertThat(HttpHead.read(in("PUT / HTTP/1.1\r\nHost: x\r\n"))).isNull();
  }

  private static ByteArrayInputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String put(URI uri, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri).PUT(HttpRequest.BodyPublishers.ofString(body)).build();
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
