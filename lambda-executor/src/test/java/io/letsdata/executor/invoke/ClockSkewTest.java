// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.invoke.InvocationOutcome.Refused;
import io.letsdata.executor.invoke.InvocationOutcome.Returned;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.options.Options;
import io.letsdata.options.UserErrorException;
import io.letsdata.store.RequestMeter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;

/** A service whose clock is not ours, and which refuses signatures older than 5 minutes. */
final class ClockSkewTest {
  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger invocations = new AtomicInteger();
  private final AtomicInteger lookups = new AtomicInteger();
  private final ServerSocket server;
  private final LambdaSettings settings;
  private final LambdaAsyncClient client;
  private volatile Duration ahead = Duration.ZERO;
  private volatile boolean refusesAll;

  ClockSkewTest() throws IOException {
    server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Map<String, String> conf =
        Map.of(
            "spark.letsdata.run.location", "s3://b/runs",
            "spark.letsdata.credentials", "local-stack",
            "spark.letsdata.credentials-file", TestIdentity.file().toString(),
            "spark.letsdata.lambda.region", "eu-west-3",
            "spark.letsdata.lambda.endpoint", "http://127.0.0.1:" + server.getLocalPort());
    settings = LambdaSettings.from("lambda://f", Options.ofSession(conf));
    client = LambdaClients.create(settings);
  }

  @BeforeEach
  void serve() {
    threads.execute(
        () -> {
          try {
            while (true) {
              Socket socket = server.accept();
              threads.execute(() -> answer(socket));
            }
          } catch (IOException e) {
            // closed
          }
        });
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
    timer.shutdownNow();
    threads.shutdownNow();
  }

  /** One request a connection. */
  private void answer(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      boolean lookup = String.valueOf(in.readLine()).startsWith("GET");
      Instant signed = Instant.EPOCH;
      int length = 0;
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        String[] header = line.split(": *", 2);
        if (header[0].equalsIgnoreCase("X-Amz-Date")) {
          signed = SIGNED.parse(header[1], Instant::from);
        } else if (header[0].equalsIgnoreCase("Content-Length")) {
          length = Integer.parseInt(header[1]);
        }
      }
      long skipped = in.skip(length);
      (lookup ? lookups : invocations).incrementAndGet();
      Instant now = Instant.now().plus(ahead);
      boolean old = Duration.between(signed, now).abs().compareTo(Duration.ofMinutes(5)) > 0;
      boolean refused = old || refusesAll || skipped < length;
      String body =
          refused ? "{\"message\":\"Signature expired\"}" : "{\"Timeout\":3,\"MemorySize\":128}";
      String head =
          (refused
                  ? "HTTP/1.1 403 F\r\nx-amzn-ErrorType: InvalidSignatureException"
                  : "HTTP/1.1 200 K")
              + "\r\nConnection: close\r\nDate: "
              + DATE.format(now)
              + "\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n";
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      // the client gave up
    }
  }

  private InvocationOutcome invoke() {
    LambdaInvoker invoker =
        new LambdaInvoker(
            client, settings, timer, threads, new RunAccount(RequestMeter.PROCESS::counts));
    return invoker
        .invoke(
            new byte[] {'1'},
            Duration.ofSeconds(30),
            new LambdaInvoker.Caller() {
              @Override
              public boolean wanted() {
                return true;
              }

              @Override
              public void sending() {}

              @Override
              public void ranUnseen() {}
            })
        .join();
  }

  private FunctionInfo describe() {
    return new FunctionLookup(client, settings).describe();
  }

  @Test
  void clockThatIsSetWhileTheApplicationRunsCostsOneMoreRequest() {
    describe();

    ahead = Duration.ofMinutes(10);
    assertThat(invoke()).isInstanceOf(Returned.class);
    assertThat(invocations).hasValue(2);
    ahead = Duration.ofMinutes(-10);
    assertThat(invoke()).isInstanceOf(Returned.class);
    assertThat(invocations).hasValue(4);
  }

  @Test
  void clockThatIsWrongAtTheStartIsNoMissingPermission() {
    ahead = Duration.ofMinutes(10);

    FunctionInfo function = describe();

    assertThat(function.limit().current()).isEqualTo(Duration.ofSeconds(3));
    assertThat(lookups).hasValueLessThan(5); // the SDK mends one clock for all its clients
    assertThat(invoke()).isInstanceOf(Returned.class);
    assertThat(invocations).hasValue(1);
  }

  @Test
  void signatureThatStaysRefusedIsBlamedOnTheClock() {
    describe();
    refusesAll = true;
    ahead = Duration.ofMinutes(10);

    assertThat(invoke())
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.message())
                    .containsPattern("clock of this machine is off by (5[0-9]{2}|600) s")
                    .doesNotContain("Allow"));
    assertThat(invocations).hasValue(2);
    assertThatThrownBy(this::describe)
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("clock of this machine is off by");
  }

  @Test
  void wrongKeyIsNoMissingPermission() {
    describe();
    refusesAll = true;

    assertThat(invoke())
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.message()).contains("Fix the driver's credentials"));
    assertThat(invocations).hasValue(1);
  }
}
