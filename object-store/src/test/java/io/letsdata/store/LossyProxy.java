package io.letsdata.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy before a server that loses answers on order: the server gets every request, the
 * client gets what is left. Each connection carries what its client sends; losing an answer ends
 * the connection. Whoever starts it closes it.
 */
public final class LossyProxy implements AutoCloseable {

  private static final long EVERYTHING = Long.MAX_VALUE;

  private final ServerSocket listener;
  private final int serverPort;
  private final AtomicInteger answersToCut = new AtomicInteger();
  private final AtomicLong cutAfterBytes = new AtomicLong(EVERYTHING);
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private LossyProxy(ServerSocket listener, int serverPort) {
    this.listener = listener;
    this.serverPort = serverPort;
  }

  /** Listens on a free port of this machine. */
  public static LossyProxy start(URI server) throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    LossyProxy proxy = new LossyProxy(listener, server.getPort());
    daemon("lossy-proxy", proxy::accept);
    return proxy;
  }

  /** Where clients connect to. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /**
   * The next {@code count} answers that are begun are cut off after so many bytes, header included;
   * 0 loses them whole.
   */
  public void cutNextAnswers(int count, long afterBytes) {
    cutAfterBytes.set(afterBytes);
    answersToCut.set(count);
  }

  /** Whether all cuts asked for have happened. */
  public boolean allCut() {
    return answersToCut.get() <= 0;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(client);
        sockets.add(server);
        daemon("lossy-proxy-up", () -> pumpUp(client, server));
        daemon("lossy-proxy-down", () -> pumpDown(server, client));
      } catch (IOException e) {
        // The listener was closed, or the server is down: the client sees its connection end.
      }
    }
  }

  private void pumpUp(Socket client, Socket server) {
    try (client;
        server) {
      client.getInputStream().transferTo(server.getOutputStream());
    } catch (IOException e) {
      // Either side hung up; closing both tells the other.
    }
    sockets.remove(client);
    sockets.remove(server);
  }

  private void pumpDown(Socket server, Socket client) {
    try (client;
        server) {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] chunk = new byte[64 * 1024];
      long allowed = EVERYTHING;
      for (int count = in.read(chunk); count >= 0 && allowed > 0; count = in.read(chunk)) {
        if (allowed == EVERYTHING && isAnswer(chunk, count) && answersToCut.getAndDecrement() > 0) {
          allowed = cutAfterBytes.get();
        }
        int passed = (int) Math.min(count, allowed);
        out.write(chunk, 0, passed);
        allowed -= allowed == EVERYTHING ? 0 : passed;
        if (allowed == 0) {
          return;
        }
      }
    } catch (IOException e) {
      // Either side hung up; closing both tells the other.
    }
  }

  /** "100 Continue" is not the answer yet. */
  private static boolean isAnswer(byte[] chunk, int count) {
    String start =
        new String(chunk, 0, Math.min(count, 12), java.nio.charset.StandardCharsets.US_ASCII);
    return start.startsWith("HTTP/1.1 ") && !start.startsWith("HTTP/1.1 100");
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
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
