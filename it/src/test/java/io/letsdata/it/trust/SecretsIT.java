// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.cli.Main;
import io.letsdata.fixtures.http.HttpHead;
import io.letsdata.fixtures.http.HttpRelay;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.StoreAccess;
import io.letsdata.it.tasks.SecretSource;
import io.letsdata.it.tasks.SecretsApp;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/**
 * Secrets are only where the page says. A driver has one in each place that a program has for them,
 * and all that others may read is searched for all of them.
 */
@Tag("trust")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@StoreAccess(runs = "secret-runs", data = "secret-outputs")
final class SecretsIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String RUNS = "secret-runs";
  private static final String OUTPUTS = "secret-outputs";

  @TempDir Path folder = Path.of("");
  private final SecretMatrix matrix = new SecretMatrix();
  private final Queue<byte[]> stored = new ConcurrentLinkedQueue<>();

  @Test
  void secretsAreOnlyWhereThePageSays() throws Exception {
    for (String name : List.of("events", "local", "tmp")) {
      Files.createDirectories(folder.resolve(name));
    }
    HttpRelay relay = HttpRelay.bind(STACK.s3Endpoint());
    relay.serve(this::look);
    Process driver = submit(relay.endpoint().toString());
    try (relay) {
      URI ui = awaitReady(driver);
      HttpPages.reachable(ui).values().forEach(page -> matrix.look(SecretSink.UI, page));
      HttpPages.rest(ui).values().forEach(page -> matrix.look(SecretSink.REST, page));
      matrix.lookBelow(SecretSink.TEMPORARY_FILES, folder.resolve("tmp"));
      matrix.lookBelow(SecretSink.TEMPORARY_FILES, folder.resolve("local"));
      matrix.lookBelow(SecretSink.TEMPORARY_FILES, STACK.cloud().home().resolve("tmp"));
      driver.getOutputStream().close();
      assertThat(driver.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      driver.destroyForcibly();
    }
    matrix.lookBelow(SecretSink.TEMPORARY_FILES, folder.resolve("tmp"));
    assertThat(stored).hasSizeGreaterThan(100);
    stored.forEach(body -> matrix.look(SecretSink.STORE, body));
    matrix.lookBelow(SecretSink.EVENT_LOG, folder.resolve("events"));
    matrix.lookBelow(SecretSink.PAYLOAD, STACK.payloads());
    matrix.lookBelow(SecretSink.WORKER_LOG, STACK.cloud().home().resolve("logs"));
    matrix.look(SecretSink.ERRORS, Files.readAllBytes(folder.resolve("errors")));
    matrix.look(SecretSink.DRIVER_LOG, Files.readAllBytes(folder.resolve("output")));

    assertThat(matrix.lines())
        .as("the page's table, and what was found")
        .isEqualTo(SecretMatrix.linesOf(HOME.resolve("docs/secrets.md")));
  }

  private Process submit(String store) throws IOException {
    List<String> command = new ArrayList<>();
    Path dist = HOME.resolve("letsdata-cli/target/dist");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + dist.resolve("conf/jvm.options"));
    command.add("-Xmx256m");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
    command.add("-Dletsdata.home=" + HOME);
    command.addAll(List.of("-cp", dist.resolve("lib") + "/*", Main.class.getName(), "submit"));
    command.addAll(List.of("--conf-file", confFile(store).toString()));
    SecretSource option = SecretSource.COMMAND_LINE;
    command.addAll(List.of("--conf", "spark." + option.key() + "=" + option.canary()));
    command.addAll(List.of("--class", SecretsApp.class.getName()));
    command.add(System.getProperty("letsdata.it.jar"));
    command.add(STACK.bucket() + "/" + OUTPUTS);
    command.add(folder.resolve("errors").toString());
    ProcessBuilder driver =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    driver.environment().put("LETSDATA_TEST_PASSWORD", SecretSource.ENVIRONMENT.canary());
    return driver.start();
  }

  private Path confFile(String store) throws IOException {
    Map<String, String> conf = new TreeMap<>();
    for (Tuple2<String, String> entry : STACK.lambdaConf().getAll()) {
      conf.put(entry._1(), entry._2());
    }
    conf.remove("spark.jars");
    conf.put("spark.ui.enabled", "true");
    conf.put("spark.ui.port", "0");
    conf.put("spark.eventLog.enabled", "true");
    conf.put("spark.eventLog.dir", folder.resolve("events").toUri().toString());
    conf.put("spark.local.dir", folder.resolve("local").toString());
    conf.put(
        "spark.driver.extraJavaOptions",
        "-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=" + folder.resolve("tmp"));
    conf.put("spark.letsdata.run.location", "s3://" + STACK.bucket() + "/" + RUNS);
    conf.put("spark.letsdata.s3.endpoint", store);
    conf.put("spark.hadoop.fs.s3a.endpoint", store);
    conf.put("spark.letsdata.lambda.store-response-after", "0s");
    conf.put("spark.task.maxFailures", "1");
    put(conf, "spark.", SecretSource.CONF_FILE);
    StringBuilder text = new StringBuilder();
    conf.forEach((key, value) -> text.append(key).append(' ').append(value).append('\n'));
    return Files.writeString(folder.resolve("spark.conf"), text);
  }

  private static void put(Map<String, String> conf, String prefix, SecretSource source) {
    conf.put(prefix + source.key(), source.canary());
  }

  /** Looks at the command lines of all processes until the jobs are done. */
  private URI awaitReady(Process driver) throws IOException, InterruptedException {
    for (; ; ) {
      ProcessHandle.allProcesses()
          .forEach(process -> matrix.look(SecretSink.COMMAND_LINES, commandLine(process)));
      String output = Files.readString(folder.resolve("output"));
      int ready = output.indexOf(SecretsApp.READY);
      if (ready >= 0 && output.indexOf('\n', ready) > 0) {
        int end = output.indexOf('\n', ready);
        return URI.create(output.substring(ready + SecretsApp.READY.length(), end));
      }
      assertThat(driver.isAlive()).as(output).isTrue();
      boolean unused = driver.waitFor(200, TimeUnit.MILLISECONDS);
    }
  }

  private static byte[] commandLine(ProcessHandle process) {
    try {
      return ListeningSockets.command(process).getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      return new byte[0]; // of another user
    }
  }

  /** Looks at the body of each request to the store, also of what is deleted soon. */
  private boolean look(HttpRelay.Connection connection) throws IOException {
    HttpHead request = HttpHead.read(connection.fromClient());
    if (request == null) {
      return false;
    }
    connection.letSend(request);
    byte[] body = connection.body(request);
    stored.add(body);
    return connection.answer(request, connection.send(request, body));
  }
}
