// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import io.letsdata.local.access.AccessToken;
import io.letsdata.local.access.LocalIdentity;
import io.letsdata.local.access.OwnerOnlyFile;
import io.letsdata.local.admin.LocalAdmin;
import io.letsdata.options.Evolving;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A stand-in for S3 and Lambda, in a process of its own. It ends with {@link #close}, or when this
 * process ends, for any reason; it leaves no process and, unless a home was given, no file.
 * Thread-safe; the caller that starts it closes it.
 *
 * <p>Clients need its endpoints and the identity of this start, {@link #credentialsFile}; any
 * region; path-style addressing for S3. S3 and Lambda check signatures: every user of the machine
 * can reach the loopback interface, and whoever may invoke a function runs code with this process's
 * rights.
 */
@Evolving
public final class LocalCloud implements AutoCloseable {

  private static final String CREDENTIALS = "credentials";

  private final Process process;
  private final Path home;
  private final ReadyLine ready;
  private final LocalIdentity identity;
  private final LocalAdmin admin;

  private LocalCloud(
      Process process, Path home, ReadyLine ready, LocalIdentity identity, AccessToken adminToken) {
    this.process = process;
    this.home = home;
    this.ready = ready;
    this.identity = identity;
    this.admin = new LocalAdmin(URI.create(ready.lambdaEndpoint()), adminToken.text());
  }

  /**
   * Starts a stand-in and waits until it serves: a second or two, plus the time to unpack the
   * packages.
   *
   * @throws IOException when it does not start; its output is in the message
   */
  public static LocalCloud start(LocalCloudOptions options) throws IOException {
    requireDist(options.dist().toAbsolutePath());
    Path wanted = options.home();
    Path home =
        wanted == null
            ? Files.createTempDirectory("letsdata-local-")
            : Files.createDirectories(
                    wanted,
                    PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rwx------")))
                .toAbsolutePath();
    long owner = options.detached() ? 0 : ProcessHandle.current().pid();
    LocalIdentity identity = LocalIdentity.random();
    AccessToken adminToken = AccessToken.random();
    Path config = home.resolve("stack.json");
    StackConfig.of(options, home, owner, identity, adminToken).write(config);
    Path credentials = OwnerOnlyFile.write(home.resolve(CREDENTIALS), identity.toCredentialsFile());
    Path token = OwnerOnlyFile.write(home.resolve("admin-token"), adminToken.text());
    Path log = home.resolve("stack.log");
    Process process =
        new ProcessBuilder(command(options.dist(), config)).redirectError(log.toFile()).start();
    try {
      ReadyLine ready = awaitReady(process, options.dist(), log);
      return new LocalCloud(process, home, ready, identity, adminToken);
    } catch (IOException e) {
      process.destroy();
      if (wanted == null) {
        // The reaper removes the files of the stand-in. These are ours.
        for (Path file : List.of(config, credentials, token, log)) {
          Files.deleteIfExists(file);
        }
        boolean unused = home.toFile().delete();
      }
      throw e;
    }
  }

  /** The endpoint of S3, {@code http://127.0.0.1:<port>}. */
  public URI s3Endpoint() {
    return URI.create(ready.s3Endpoint());
  }

  /** The endpoint of Lambda, {@code http://127.0.0.1:<port>}. */
  public URI lambdaEndpoint() {
    return URI.create(ready.lambdaEndpoint());
  }

  /** The access key id of this start. */
  public String accessKey() {
    return identity.accessKey();
  }

  /** The secret of the access key. */
  public String secretKey() {
    return identity.secretKey();
  }

  /**
   * The file with both, which only this user can read: AWS's shared credentials file, for {@code
   * AWS_SHARED_CREDENTIALS_FILE}.
   */
  public Path credentialsFile() {
    return home.resolve(CREDENTIALS);
  }

  /** Process id of the stand-in. */
  public long pid() {
    return ready.pid();
  }

  /**
   * Its home with the logs: {@code logs/<function>/<environment>.log}, {@code s3.log}, {@code
   * stack.log}.
   */
  public Path home() {
    return home;
  }

  /** The test controls. */
  public LocalAdmin admin() {
    return admin;
  }

  /** Ends it and everything it started; waits up to 15 s for that. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> command(Path dist, Path config) {
    List<String> command = new ArrayList<>();
    // In a session of its own a Ctrl-C in the terminal does not reach it: this process may still
    // need
    // S3 to clean up.
    Optional.of(Path.of("/usr/bin/setsid"))
        .filter(Files::isExecutable)
        .ifPresent(setsid -> command.add(setsid.toString()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-cp",
            dist.toAbsolutePath().resolve("lib").resolve("*").toString(),
            "io.letsdata.local.LocalCloudMain",
            config.toString()));
    return command;
  }

  private static void requireDist(Path dist) throws IOException {
    for (String part : List.of("lib", "s3", "runtime")) {
      if (!Files.isDirectory(dist.resolve(part))) {
        throw new IOException(
            "Cannot start the local stand-in: no folder %s. Build local-cloud first (mvn package)."
                .formatted(dist.resolve(part)));
      }
    }
  }

  private static ReadyLine awaitReady(Process process, Path dist, Path log) throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    ReadyLine ready =
        line == null
            ? ReadyLine.failed(Files.exists(log) ? Files.readString(log).strip() : "it ended")
            : ReadyLine.parse(line);
    if (ready.error() != null) {
      throw new IOException(
          "Cannot start the local stand-in from %s: %s"
              .formatted(dist.toAbsolutePath(), ready.error()));
    }
    return ready;
  }
}
