package io.letsdata.benchmarks.wire;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Stands before an S3 server on the loopback interface and lets each request wait before the server
 * sees it: the time to the first byte of a store that is far or busy. Bodies pass at full speed.
 * One connection to the server, and one thread, for each of a client. Whoever starts it closes it.
 */
public final class DelayProxy implements AutoCloseable {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket listener;
  private final int serverPort;
  private final LongSupplier delayNanos;
  private final AtomicLong requests = new AtomicLong();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private DelayProxy(ServerSocket listener, int serverPort, LongSupplier delayNanos) {
    this.listener = listener;
    this.serverPort = serverPort;
    this.delayNanos = delayNanos;
  }

  /**
   * Starts one on a free port.
   *
   * @param delayNanos asked once a request, by many threads
   */
  public static DelayProxy start(URI server, LongSupplier delayNanos) throws IOException {
    ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    DelayProxy proxy = new DelayProxy(listener, server.getPort(), delayNanos);
    daemon(proxy::accept);
    return proxy;
  }

  /** {@code http://127.0.0.1:<port>}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Requests seen. */
  public long requests() {
    return requests.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        sockets.add(client);
        daemon(() -> serve(client));
      } catch (IOException e) {
        // The listener was closed.
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      server.setTcpNoDelay(true);
      sockets.add(server);
      InputStream fromClient = new BufferedInputStream(client.getInputStream(), 64 << 10);
      InputStream fromServer = new BufferedInputStream(server.getInputStream(), 64 << 10);
      boolean alive = true;
      while (alive) {
        alive = exchange(fromClient, client, fromServer, server);
      }
      sockets.remove(server);
    } catch (IOException e) {
      // One side hung up; closing both tells the other.
    }
    sockets.remove(client);
  }

  /** One request and its answer; false when the connection ends. */
  private boolean exchange(
      InputStream fromClient, Socket client, InputStream fromServer, Socket server)
      throws IOException {
    HttpHead request = HttpHead.read(fromClient);
    if (request == null) {
      return false;
    }
    requests.incrementAndGet();
    pause(delayNanos.getAsLong());
    OutputStream toClient = client.getOutputStream();
    if (request.has("expect", "100-continue")) {
      toClient.write(CONTINUE);
    }
    OutputStream toServer = server.getOutputStream();
    toServer.write(request.without("expect").bytes());
    request.copyBody(fromClient, toServer, Long.MAX_VALUE);
    HttpHead answer = HttpHead.read(fromServer);
    if (answer == null) {
      return false;
    }
    toClient.write(answer.bytes());
    if (!request.isHead() && answer.mayHaveBody()) {
      answer.copyBody(fromServer, toClient, Long.MAX_VALUE);
    }
    return !answer.has("connection", "close");
  }

  private static void pause(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "delay-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
