package io.letsdata.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
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

  private final ServerSocket listener;
  private final int serverPort;
  private final Map<String, Swallow> plan = new ConcurrentHashMap<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private SilentProxy(ServerSocket listener, int serverPort) {
    this.listener = listener;
    this.serverPort = serverPort;
  }

  static SilentProxy start(URI server) throws IOException {
    ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    SilentProxy proxy = new SilentProxy(listener, server.getPort());
    daemon(proxy::accept);
    return proxy;
  }

  String endpoint() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** Hits the next request whose body contains {@code text}. */
  void swallow(Swallow what, String text) {
    plan.put(text, what);
  }

  /** What has not happened yet. */
  Map<String, Swallow> planned() {
    return Map.copyOf(plan);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
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
      sockets.add(server);
      InputStream fromClient = new BufferedInputStream(client.getInputStream());
      InputStream fromServer = new BufferedInputStream(server.getInputStream());
      boolean open = true;
      while (open) {
        open = exchange(fromClient, client.getOutputStream(), fromServer, server);
      }
    } catch (IOException e) {
      // One side hung up; closing both tells the other.
    }
  }

  private boolean exchange(
      InputStream fromClient, OutputStream toClient, InputStream fromServer, Socket server)
      throws IOException {
    HttpHead request = HttpHead.read(fromClient);
    if (request == null) {
      return false;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    request.body(fromClient, body, Long.MAX_VALUE);
    if (request.text().contains("/configuration ")) {
      toClient.write(FORBIDDEN);
      return true;
    }
    Swallow swallow = take(body.toString(StandardCharsets.UTF_8));
    if (swallow == Swallow.REQUEST) {
      return true; // and the client, which waits, sends no other
    }
    OutputStream toServer = server.getOutputStream();
    toServer.write(request.text().getBytes(StandardCharsets.ISO_8859_1));
    new ByteArrayInputStream(body.toByteArray()).transferTo(toServer);
    HttpHead answer = HttpHead.read(fromServer);
    if (answer == null) {
      return false;
    }
    ByteArrayOutputStream answered = new ByteArrayOutputStream();
    answer.body(fromServer, answered, Long.MAX_VALUE);
    if (swallow == null) {
      toClient.write(answer.text().getBytes(StandardCharsets.ISO_8859_1));
      answered.writeTo(toClient);
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

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "silent-proxy");
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
