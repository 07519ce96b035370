// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Another user of the machine, and a web page in the user's browser, get nothing but 403. */
class StrangersIT {
  private static final String FUNCTION = "/2015-03-31/functions/toy";
  private static final int FORBIDDEN = 403;

  private static TestCloud test;
  private static Path home;
  private static Path payloads;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    home = folder.resolve("home");
    payloads = folder.resolve("payloads");
    test =
        TestCloud.start(
            folder, 1, spec -> spec, options -> options.home(home).payloadDump(payloads));
    var unused = test.invoke("echo", "");
    // For a bucket that does not exist, s3proxy says so before it checks a signature.
    try (S3Client s3 = TestCloud.s3Client(test.cloud(), test.cloud().secretKey())) {
      s3.createBucket(r -> r.bucket("bucket"));
      s3.putObject(r -> r.bucket("bucket").key("key"), RequestBody.fromString("secret"));
    }
  }

  @AfterAll
  static void stop() {
    test.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, " + FUNCTION,
    "GET, " + FUNCTION + "/configuration",
    "POST, " + FUNCTION + "/invocations",
    "GET, /_local/environments",
    "GET, /_local/invocations",
    "GET, /_local/cold-starts",
    "GET, /_local/faults",
    "POST, /_local/faults",
    "DELETE, /_local/faults",
    "POST, /_local/chaos",
    "POST, /_local/environments/x/kill",
    "POST, /_local/expire",
    "GET, /",
    "GET, /anything"
  })
  void requestToLambdaOrTheTestControlsIsForbidden(String method, String path) throws IOException {
    assertForbidden(test.cloud().lambdaEndpoint().getPort(), method, path);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /",
    "PUT, /bucket",
    "GET, /bucket",
    "PUT, /bucket/key",
    "GET, /bucket/key",
    "DELETE, /bucket/key"
  })
  void requestToS3IsForbidden(String method, String path) throws IOException {
    assertForbidden(test.cloud().s3Endpoint().getPort(), method, path);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /2018-06-01/runtime/invocation/next",
    "POST, /2018-06-01/runtime/invocation/x/response",
    "POST, /2018-06-01/runtime/init/error",
    "GET, /0000000000000000000000000000000000000000/2018-06-01/runtime/invocation/next"
  })
  void requestToTheRuntimeApiIsForbidden(String method, String path) throws IOException {
    assertForbidden(runtimeApi().getPort(), method, path);
  }

  @Test
  void clientThatKnowsEveryTokenIsForbiddenWithAForeignHostOrAnOrigin() throws IOException {
    URI api = runtimeApi();
    String next = api.getPath() + "/2018-06-01/runtime/invocation/next";
    String bearer =
        "Authorization: Bearer " + Files.readString(home.resolve("admin-token")) + "\r\n";
    int lambda = test.cloud().lambdaEndpoint().getPort();

    assertThat(status(lambda, "GET", "/_local/faults", "127.0.0.1:" + lambda, bearer))
        .isEqualTo(200);
    for (String host : foreignHosts(lambda)) {
      assertThat(status(lambda, "GET", "/_local/faults", host, bearer)).isEqualTo(FORBIDDEN);
    }
    for (String host : foreignHosts(api.getPort())) {
      assertThat(status(api.getPort(), "GET", next, host, "")).isEqualTo(FORBIDDEN);
    }
    String origin = "Origin: http://127.0.0.1:" + lambda + "\r\n";
    assertThat(status(lambda, "GET", "/_local/faults", "127.0.0.1:" + lambda, bearer + origin))
        .isEqualTo(FORBIDDEN);
    assertThat(status(api.getPort(), "GET", next, "127.0.0.1:" + api.getPort(), origin))
        .isEqualTo(FORBIDDEN);
  }

  @Test
  void filesWithTheIdentityOrATokenAreForTheirUserOnly() throws IOException {
    String token = Files.readString(home.resolve("admin-token"));
    List<String> telling = new ArrayList<>();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, ISO_8859_1);
        if (text.contains(test.cloud().secretKey()) || text.contains(token)) {
          telling.add(home.relativize(file).toString());
          assertThat(permissions(file)).as(file.toString()).isEqualTo("rw-------");
        }
      }
    }

    assertThat(permissions(home)).isEqualTo("rwx------");
    assertThat(telling)
        .containsExactlyInAnyOrder("stack.json", "credentials", "admin-token", "s3.properties");
  }

  @Test
  void payloadsAreForTheirUserOnly() throws IOException {
    try (Stream<Path> files = Files.walk(payloads)) {
      assertThat(files.filter(Files::isRegularFile).toList())
          .isNotEmpty()
          .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
    }
  }

  @Test
  void commandLinesShowNoSecret() throws IOException {
    String token = Files.readString(home.resolve("admin-token"));
    ProcessHandle cloud = ProcessHandle.of(test.cloud().pid()).orElseThrow();

    assertThat(Stream.concat(Stream.of(cloud), cloud.descendants()).toList())
        .hasSizeGreaterThanOrEqualTo(3)
        .allSatisfy(
            process ->
                assertThat(
                        Files.readString(
                            Path.of("/proc", Long.toString(process.pid()), "cmdline"), ISO_8859_1))
                    .doesNotContain(test.cloud().secretKey(), token, runtimeApi().getPath()));
  }

  @Test
  void eachStartHasAnIdentityOfItsOwn() throws IOException {
    try (LocalCloud other = LocalCloud.start(LocalCloudOptions.of(TestCloud.dist()))) {
      assertThat(other.secretKey()).hasSizeGreaterThan(30).isNotEqualTo(test.cloud().secretKey());
      assertThat(other.accessKey()).isNotEqualTo(test.cloud().accessKey());
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static void assertForbidden(int port, String method, String path) throws IOException {
    List<String> hosts = new ArrayList<>(foreignHosts(port));
    hosts.add("127.0.0.1:" + port);
    for (String host : hosts) {
      assertThat(status(port, method, path, host, "")).as("Host " + host).isEqualTo(FORBIDDEN);
      assertThat(status(port, method, path, host, "Origin: http://evil.example\r\n"))
          .as("Host " + host + " with Origin")
          .isEqualTo(FORBIDDEN);
    }
  }

  private static List<String> foreignHosts(int port) {
    return List.of("evil.example", "evil.example:" + port);
  }

  /** The address of the environment's Runtime API with its token. */
  private static URI runtimeApi() throws IOException {
    return URI.create(
        "http://" + TestCloud.members(test.invoke("env", "")).get("AWS_LAMBDA_RUNTIME_API"));
  }

  /** The status of one request, with the Host that it names. */
  private static int status(int port, String method, String path, String host, String headers)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              "%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: 2\r\nConnection: close\r\n\r\n{}"
                  .formatted(method, path, host, headers)
                  .getBytes(ISO_8859_1));
      String answer = new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
      assertThat(answer).startsWith("HTTP/1.1 ");
      return Integer.parseInt(answer.substring(9));
    }
  }
}
