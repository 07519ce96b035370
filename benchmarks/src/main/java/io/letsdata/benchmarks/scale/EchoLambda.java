// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks.scale;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.TaskState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Lambda API inside this process whose function answers every task at once, without running it:
 * what is left is the driver. Its threads' CPU time is known, to be subtracted.
 */
final class EchoLambda implements AutoCloseable {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final String DISPATCH = "\"dispatch\":\"";

  private final Set<Long> threads = ConcurrentHashMap.newKeySet();
  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          4,
          work -> {
            Thread thread = new Thread(work, "echo");
            thread.setDaemon(true);
            threads.add(thread.getId());
            return thread;
          });
  private final byte[] result = EchoResult.bytes();
  private final HttpServer server;

  EchoLambda() throws IOException {
    // Head and body are two writes: else each answer waits 40 ms for the client's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.createContext("/", this::handle);
    server.setExecutor(executor);
    server.start();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("HTTP-Dispatcher")) {
        threads.add(thread.getId());
      }
    }
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** CPU seconds of the function's side so far. */
  double cpuSeconds() {
    return threads.stream().mapToLong(THREADS::getThreadCpuTime).sum() / 1e9;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
      byte[] answer;
      if (exchange.getRequestURI().getPath().endsWith("/configuration")) {
        answer =
            "{\"Timeout\":60,\"MemorySize\":512,\"Architectures\":[\"arm64\"]}"
                .getBytes(StandardCharsets.UTF_8);
      } else {
        int at = body.indexOf(DISPATCH) + DISPATCH.length();
        answer = answer(body.substring(at, body.indexOf('"', at)));
      }
      exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private byte[] answer(String dispatch) {
    return Messages.encode(
        new TaskResponse.Ended(
            dispatch,
            "echo",
            TaskState.FINISHED,
            Blob.of(result),
            false,
            null,
            List.of(),
            List.of(),
            Map.of(),
            null));
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
