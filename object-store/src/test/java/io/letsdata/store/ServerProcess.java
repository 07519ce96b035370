package io.letsdata.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a JVM of its own, on the port it tells in its log. Whoever starts it closes it; a
 * shutdown hook does otherwise.
 */
final class ServerProcess implements AutoCloseable {

  private static final Duration START_WITHIN = Duration.ofMinutes(5);
  private static final int REMEMBERED_LINES = 200;

  private final Process process;
  private final int port;
  private final Thread hook;

  private ServerProcess(Process process, int port, Thread hook) {
    this.process = process;
    this.port = port;
    this.hook = hook;
  }

  /**
   * Starts it and waits for its port.
   *
   * @param jars folder of the server's class path
   * @param portInLog its first group is the port, in the first line that it is found in
   */
  static ServerProcess start(Path jars, List<String> arguments, Pattern portInLog)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", jars + "/*"));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
    process.getOutputStream().close();
    CompletableFuture<Integer> port = new CompletableFuture<>();
    List<String> log = new ArrayList<>();
    Thread reader = new Thread(() -> read(process, portInLog, port, log), "server-log");
    reader.setDaemon(true);
    reader.start();
    try {
      return new ServerProcess(
          process, port.get(START_WITHIN.toMillis(), TimeUnit.MILLISECONDS), hook);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      synchronized (log) {
        throw new IOException("Cannot start " + command + ":\n" + String.join("\n", log), e);
      }
    }
  }

  private static void read(
      Process process, Pattern portInLog, CompletableFuture<Integer> port, List<String> log) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (log) {
          if (log.size() < REMEMBERED_LINES) {
            log.add(line);
          }
        }
        Matcher matcher = portInLog.matcher(line);
        if (matcher.find()) {
          port.complete(Integer.valueOf(matcher.group(1)));
        }
      }
      port.completeExceptionally(new IOException("it ended"));
    } catch (IOException e) {
      port.completeExceptionally(e);
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
