// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks.wire;

import io.letsdata.fixtures.http.HttpHead;
import io.letsdata.fixtures.http.HttpRelay;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Stands before an S3 server on the loopback interface and lets each request wait before the server
 * sees it: the time to the first byte of a store that is far or busy. Bodies of answers pass at
 * full speed, or share a network. One connection to the server, and one thread, for each of a
 * client. Its starter closes it.
 */
public final class DelayProxy implements AutoCloseable {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final HttpRelay relay;
  private final LongSupplier delayNanos;
  private final Throttle network;
  private final AtomicLong requests = new AtomicLong();

  private DelayProxy(HttpRelay relay, LongSupplier delayNanos, Throttle network) {
    this.relay = relay;
    this.delayNanos = delayNanos;
    this.network = network;
  }

  /**
   * Starts one on a free port.
   *
   * @param delayNanos asked once a request, by many threads
   */
  public static DelayProxy start(URI server, LongSupplier delayNanos) throws IOException {
    return start(server, delayNanos, Throttle.NONE);
  }

  /**
   * Starts one on a free port.
   *
   * @param delayNanos asked once a request, by many threads
   * @param network that bodies of answers share
   */
  public static DelayProxy start(URI server, LongSupplier delayNanos, Throttle network)
      throws IOException {
    HttpRelay relay = HttpRelay.bind(server);
    DelayProxy proxy = new DelayProxy(relay, delayNanos, network);
    relay.serve(proxy::exchange);
    return proxy;
  }

  /** {@code http://127.0.0.1:<port>}. */
  public URI endpoint() {
    return relay.endpoint();
  }

  /** Requests seen. */
  public long requests() {
    return requests.get();
  }

  /** One request and its answer; false when the connection ends. */
  private boolean exchange(HttpRelay.Connection connection) throws IOException {
    HttpHead request = HttpHead.read(connection.fromClient());
    if (request == null) {
      return false;
    }
    requests.incrementAndGet();
    pause(delayNanos.getAsLong());
    OutputStream toClient = connection.toClient();
    if (request.has("expect", "100-continue")) {
      toClient.write(CONTINUE);
    }
    OutputStream toServer = connection.toServer();
    toServer.write(request.without("expect").bytes());
    request.copyBody(connection.fromClient(), toServer, Long.MAX_VALUE);
    HttpHead answer = HttpHead.read(connection.fromServer());
    if (answer == null) {
      return false;
    }
    toClient.write(answer.bytes());
    if (!request.isHead() && answer.mayHaveBody()) {
      answer.copyBody(connection.fromServer(), network.over(toClient), Long.MAX_VALUE);
    }
    return !answer.has("connection", "close");
  }

  private static void pause(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() throws IOException {
    relay.close();
  }
}
