// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.store.AccessDenied;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the driver asks of the store before the first task. */
final class StartCheckIT {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile int statusOfMissing = 404;

  StartCheckIT() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void oneObjectIsStoredReadAndDeletedAndOneMustBeMissing() {
    assertThatCode(() -> SessionRuntime.check(conf())).doesNotThrowAnyException();

    assertThat(asked).containsExactly("PUT", "GET", "POST", "HEAD");
  }

  @Test
  void identityThatMayNotListIsRefusedAtTheStart() {
    statusOfMissing = 403;

    assertThatThrownBy(() -> SessionRuntime.check(conf()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasCauseInstanceOf(AccessDenied.class)
        .hasMessageStartingWith("Cannot shuffle over S3: of an object that does not exist ")
        .hasMessageContaining(" Allow s3:ListBucket on bucket 'runs', or set ");
  }

  private SparkConf conf() {
    SparkConf conf = new SparkConf(false).set("spark.letsdata.run.location", "s3://runs/all");
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    TestIdentity.settings(endpoint).toProperties().forEach(conf::set);
    return conf;
  }

  /** As S3: whatever is read has been stored, and only HEAD asks for what has not. */
  private void answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    asked.add(method);
    exchange.getRequestBody().readAllBytes();
    byte[] body =
        (method.equals("POST") ? "<DeleteResult/>" : "?").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("ETag", "\"abc\"");
    if (method.equals("HEAD")) {
      exchange.sendResponseHeaders(statusOfMissing, -1);
    } else {
      exchange.sendResponseHeaders(200, method.equals("PUT") ? -1 : body.length);
      exchange.getResponseBody().write(method.equals("PUT") ? new byte[0] : body);
    }
    exchange.close();
  }
}
