// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it;

import io.letsdata.fixtures.http.HttpHead;
import io.letsdata.fixtures.http.HttpRelay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Stands before an S3 server and lets a share of all requests fail, each in a way drawn by chance.
 * One connection to the server for each of a client. Whoever starts it closes it.
 */
final class ChaosProxy implements AutoCloseable {
  enum Fault {
    /** 503 SlowDown; the server does not see the request. */
    SLOW_DOWN,
    /** 500 InternalError; the server does not see the request. */
    INTERNAL_ERROR,
    /** 500 InternalError after the server has done what was asked. */
    INTERNAL_ERROR_AFTER,
    /** The connection ends; the server does not see the request. */
    DROPPED,
    /** The connection ends without an answer, after the server has done what was asked. */
    ANSWER_LOST,
    /** The connection ends in the middle of the answer's body. */
    BODY_CUT,
    /** The answer comes 300 ms late. */
    LATE
  }

  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");

  private final HttpRelay relay;
  private final double rate;
  private final Random draws;
  private final Map<Fault, Long> happened = new EnumMap<>(Fault.class);
  private final AtomicLong requests = new AtomicLong();
  private volatile boolean raging = true;

  private ChaosProxy(HttpRelay relay, long seed, double rate) {
    this.relay = relay;
    this.rate = rate;
    this.draws = new Random(seed);
  }

  static ChaosProxy start(URI server, long seed, double rate) throws IOException {
    HttpRelay relay = HttpRelay.bind(server);
    ChaosProxy proxy = new ChaosProxy(relay, seed, rate);
    relay.serve(proxy::exchange);
    return proxy;
  }

  URI endpoint() {
    return relay.endpoint();
  }

  /** From now on everything passes. */
  void calm() {
    raging = false;
  }

  /** Requests seen, and how often each fault happened. */
  String summary() {
    return requests + " requests, " + happened();
  }

  /** How often each fault happened. */
  synchronized Map<Fault, Long> happened() {
    return Map.copyOf(happened);
  }

  private boolean exchange(HttpRelay.Connection connection) throws IOException {
    InputStream fromClient = connection.fromClient();
    OutputStream toClient = connection.toClient();
    InputStream fromServer = connection.fromServer();
    OutputStream toServer = connection.toServer();
    HttpHead request = HttpHead.read(fromClient);
    if (request == null) {
      return false;
    }
    requests.incrementAndGet();
    Fault fault = draw();
    if (request.has("expect", "100-continue")) {
      toClient.write(CONTINUE);
    }
    if (fault == Fault.SLOW_DOWN || fault == Fault.INTERNAL_ERROR || fault == Fault.DROPPED) {
      request.copyBody(fromClient, OutputStream.nullOutputStream(), Long.MAX_VALUE);
      return fault != Fault.DROPPED && error(toClient, fault, request.isHead());
    }
    toServer.write(request.without("expect").bytes());
    request.copyBody(fromClient, toServer, Long.MAX_VALUE);
    toServer.flush();
    HttpHead answer = HttpHead.read(fromServer);
    if (answer == null || fault == Fault.ANSWER_LOST) {
      return false;
    }
    if (fault == Fault.LATE) {
      pause();
    }
    boolean hasBody = !request.isHead() && answer.mayHaveBody();
    if (fault == Fault.INTERNAL_ERROR_AFTER) {
      if (hasBody) {
        answer.copyBody(fromServer, OutputStream.nullOutputStream(), Long.MAX_VALUE);
      }
      return error(toClient, fault, request.isHead());
    }
    toClient.write(answer.bytes());
    if (hasBody) {
      long limit = fault == Fault.BODY_CUT ? answer.lengthBytes() / 2 : Long.MAX_VALUE;
      answer.copyBody(fromServer, toClient, limit);
    }
    toClient.flush();
    return fault != Fault.BODY_CUT && !answer.has("connection", "close");
  }

  private synchronized @Nullable Fault draw() {
    if (!raging || draws.nextDouble() >= rate) {
      return null;
    }
    Fault fault = Fault.values()[draws.nextInt(Fault.values().length)];
    happened.merge(fault, 1L, Long::sum);
    return fault;
  }

  private static boolean error(OutputStream out, Fault fault, boolean head) throws IOException {
    String code = fault == Fault.SLOW_DOWN ? "SlowDown" : "InternalError";
    String body = "<Error><Code>" + code + "</Code><Message>by chance</Message></Error>";
    out.write(
        ascii(
            "HTTP/1.1 "
                + (fault == Fault.SLOW_DOWN ? "503 Slow Down" : "500 Internal Server Error")
                + "\r\nContent-Type: application/xml\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + (head ? "" : body)));
    out.flush();
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(300);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    relay.close();
  }
}
