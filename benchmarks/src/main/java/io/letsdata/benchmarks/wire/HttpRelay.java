package io.letsdata.benchmarks.wire;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What proxies have in common: a port on the loopback interface, one connection to the server and
 * one thread for each of a client, and an end of all of them. What happens to a request is the
 * exchange's to decide. Whoever binds it closes it.
 */
public final class HttpRelay implements AutoCloseable {
  /** Name of all threads of all relays. */
  public static final String THREADS = "http-relay";

  private static final int BUFFER_BYTES = 64 << 10;

  private final ServerSocket listener;
  private final int serverPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /** The four ends of a connection and its continuation. */
  public record Connection(
      InputStream fromClient,
      OutputStream toClient,
      InputStream fromServer,
      OutputStream toServer) {}

  /** Passes one request and its answer, or does something else with them. */
  public interface Exchange {
    /**
     * Called for each request of a connection in turn, by a thread of its own.
     *
     * @return false when the connection ends
     * @throws IOException when a side hung up, which ends it as well
     */
    boolean pass(Connection connection) throws IOException;
  }

  private HttpRelay(ServerSocket listener, int serverPort) {
    this.listener = listener;
    this.serverPort = serverPort;
  }

  /**
   * Takes a free port; serves nobody yet.
   *
   * @param server whose port on the loopback interface counts
   */
  public static HttpRelay bind(URI server) throws IOException {
    return new HttpRelay(
        new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), server.getPort());
  }

  /** {@code http://127.0.0.1:<port>}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Serves from now on; to be called once. */
  public void serve(Exchange exchange) {
    daemon(() -> accept(exchange));
  }

  private void accept(Exchange exchange) {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        sockets.add(client);
        daemon(() -> serve(client, exchange));
      } catch (IOException e) {
        // The listener was closed.
      }
    }
  }

  private void serve(Socket client, Exchange exchange) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      server.setTcpNoDelay(true);
      sockets.add(server);
      Connection connection =
          new Connection(
              new BufferedInputStream(client.getInputStream(), BUFFER_BYTES),
              client.getOutputStream(),
              new BufferedInputStream(server.getInputStream(), BUFFER_BYTES),
              server.getOutputStream());
      boolean alive = true;
      while (alive) {
        alive = exchange.pass(connection);
      }
      sockets.remove(server);
    } catch (IOException e) {
      // One side hung up; closing both tells the other.
    }
    sockets.remove(client);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, THREADS);
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
