// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.s3;

import io.letsdata.local.access.LocalIdentity;
import io.letsdata.local.access.OwnerOnlyFile;
import io.letsdata.local.process.ChildProcess;
import io.letsdata.local.process.Reaper;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * s3proxy over a folder, in a process of its own. It checks signatures (versions 2 and 4) of one
 * identity and knows conditional PUT and conditional completion of multipart uploads. The caller
 * that starts it closes it.
 */
@Internal
public final class S3Server implements AutoCloseable {

  private static final Pattern PORT =
      Pattern.compile("Started .*Connector.*\\{127\\.0\\.0\\.1:(\\d+)}");
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  // Jetty's connectors name the port they were given; everything else is quiet unless it is wrong.
  private static final String LOGBACK =
      """
      <configuration>
        <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d %-5level %logger{0} %msg%n</pattern></encoder>
        </appender>
        <root level="WARN"><appender-ref ref="OUT"/></root>
        <logger name="org.gaul.shaded.org.eclipse.jetty.server.AbstractConnector" level="INFO"/>
      </configuration>
      """;

  private final ChildProcess process;
  private final URI endpoint;

  private S3Server(ChildProcess process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /**
   * Starts the server on a free port of the loopback interface and waits until it answers.
   *
   * @param jars the server's class path folder
   * @param data objects are files below {@code <data>/<bucket>}; made when missing, outlives the
   *     server
   * @param scratch for configuration and log ({@code s3.log})
   * @param identity the only one that it knows
   * @throws IOException when it does not answer within a minute; the message ends with its log
   */
  public static S3Server start(
      Reaper reaper, Path jars, Path data, Path scratch, LocalIdentity identity)
      throws IOException {
    Files.createDirectories(data);
    Path logback = Files.writeString(scratch.resolve("s3-logback.xml"), LOGBACK);
    Path log = scratch.resolve("s3.log");
    Files.deleteIfExists(log);
    Path properties =
        OwnerOnlyFile.write(
            scratch.resolve("s3.properties"),
            settings(data, identity).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                .collect(Collectors.joining()));
    ChildProcess process =
        reaper.spawn(
            new ProcessBuilder(
                    List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-Dlogback.configurationFile=" + logback,
                        "-cp",
                        jars.resolve("*").toString(),
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        properties.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile()));
    try {
      return new S3Server(process, awaitReady(process, log));
    } catch (IOException | RuntimeException e) {
      process.kill();
      throw e;
    }
  }

  /** {@code http://127.0.0.1:<port>}; path-style addressing. */
  public URI endpoint() {
    return endpoint;
  }

  /** The server's process id. */
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.kill();
  }

  private static Map<String, String> settings(Path data, LocalIdentity identity) {
    return Map.ofEntries(
        Map.entry("s3proxy.authorization", "aws-v2-or-v4"),
        Map.entry("s3proxy.endpoint", "http://127.0.0.1:0"),
        Map.entry("s3proxy.identity", identity.accessKey()),
        Map.entry("s3proxy.credential", identity.secretKey()),
        Map.entry("s3proxy.ignore-unknown-headers", "true"),
        Map.entry("jclouds.provider", "filesystem-nio2"),
        Map.entry("jclouds.identity", identity.accessKey()),
        Map.entry("jclouds.credential", identity.secretKey()),
        Map.entry("jclouds.filesystem.basedir", data.toAbsolutePath().toString()));
  }

  private static URI awaitReady(ChildProcess process, Path log) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      Optional<URI> endpoint = startedAt(log);
      if (endpoint.isPresent() && answers(endpoint.get())) {
        return endpoint.get();
      }
      try {
        Thread.sleep(25);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new java.io.InterruptedIOException("interrupted while the S3 server started");
      }
    }
    throw new IOException(
        "Cannot start the S3 server: %s. Its log: %s"
            .formatted(
                process.isAlive()
                    ? "no answer within " + START_LIMIT.toSeconds() + " s"
                    : "it exited",
                Files.exists(log) ? Files.readString(log).strip() : "(none)"));
  }

  private static Optional<URI> startedAt(Path log) throws IOException {
    Matcher matcher = PORT.matcher(Files.exists(log) ? Files.readString(log) : "");
    return matcher.find()
        ? Optional.of(URI.create("http://127.0.0.1:" + matcher.group(1)))
        : Optional.empty();
  }

  private static boolean answers(URI endpoint) {
    try {
      HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(5000);
      return connection.getResponseCode() > 0;
    } catch (IOException e) {
      return false;
    }
  }
}
