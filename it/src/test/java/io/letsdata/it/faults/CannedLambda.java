// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.TaskState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.DirectTaskResult;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.collection.immutable.Nil$;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * A Lambda API whose one function answers what a test says, without running anything: for answers
 * that no worker of this build gives.
 */
final class CannedLambda implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What an invocation is answered. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  record Reply(int status, Map<String, String> headers, byte[] body) {
    static Reply of(byte[] body) {
      return new Reply(200, Map.of(), body);
    }

    static Reply error(int status, String type, String message, String reason) {
      String json =
          "{\"Type\":\"User\",\"Reason\":\"%s\",\"message\":\"%s\"}".formatted(reason, message);
      return new Reply(
          status, Map.of("x-amzn-ErrorType", type), json.getBytes(StandardCharsets.UTF_8));
    }

    static Reply functionError(String type, String message) {
      String json = "{\"errorType\":\"%s\",\"errorMessage\":\"%s\"}".formatted(type, message);
      return new Reply(
          200, Map.of("X-Amz-Function-Error", "Unhandled"), json.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Answers the invocation of a payload. */
  interface Function {
    Reply answer(int invocation, JsonNode payload) throws Exception;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Function function;
  private final AtomicInteger invocations = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger mostInFlight = new AtomicInteger();

  CannedLambda(Function function) throws IOException {
    this.function = function;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  int invocations() {
    return invocations.get();
  }

  int mostInFlight() {
    return mostInFlight.get();
  }

  /** The answer of a worker whose task had nothing to return. */
  static Reply success(JsonNode payload) {
    SerializerInstance serializer = new JavaSerializer(new SparkConf(false)).newInstance();
    ByteBuffer unit = serializer.serialize(BoxedUnit.UNIT, ClassTag$.MODULE$.Any());
    @SuppressWarnings({"unchecked", "rawtypes"}) // Scala's Nil is a Seq of anything
    Object result = new DirectTaskResult(unit, (scala.collection.Seq) Nil$.MODULE$, new long[0]);
    ByteBuffer bytes = serializer.serialize(result, ClassTag$.MODULE$.Any());
    byte[] data = new byte[bytes.remaining()];
    bytes.get(data);
    return Reply.of(
        Messages.encode(
            new TaskResponse.Ended(
                payload.path("dispatch").asText(),
                UUID.randomUUID().toString(),
                TaskState.FINISHED,
                Blob.of(data),
                false,
                null,
                List.of(),
                List.of(),
                Map.of(),
                null)));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestURI().getPath().endsWith("/configuration")) {
        send(
            exchange,
            Reply.of(
                "{\"Timeout\":60,\"MemorySize\":512,\"Architectures\":[\"arm64\"]}"
                    .getBytes(StandardCharsets.UTF_8)));
        return;
      }
      int invocation = invocations.incrementAndGet();
      mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
      Reply reply;
      try {
        reply = function.answer(invocation, JSON.readTree(body));
      } finally {
        inFlight.decrementAndGet();
      }
      send(exchange, reply);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(reply.status(), reply.body().length);
    exchange.getResponseBody().write(reply.body());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
