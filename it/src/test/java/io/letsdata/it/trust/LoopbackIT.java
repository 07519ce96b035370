// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.letsdata.cli.Main;
import io.letsdata.fixtures.stack.ChildJvm;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.tasks.ListeningApp;
import io.letsdata.options.UserErrorException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.package$;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.Tuple2;

/** Nothing of a driver, a worker or the local stack can be reached from another machine. */
@Tag("trust")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class LoopbackIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String WORKER = "AWSLambda";
  private static final String AUTHENTICATE = "spark.authenticate";
  private static final String SECRET = "spark.authenticate.secret";

  @TempDir Path folder = Path.of("");

  @Test
  void demoListensOnLoopbackOnly() throws Exception {
    List<String> command =
        command("demo", "--files", "1", "--records", "100", "--concurrency", "1");

    Set<ListeningSockets.Socket> seen = watched(command);

    assertThat(seen).isNotEmpty().allMatch(ListeningSockets.Socket::isLoopback);
    assertThat(seen).anyMatch(socket -> socket.command().contains(" demo "));
  }

  @Test
  void submittedDriverListensOnLoopbackOnly() throws Exception {
    List<String> command =
        command(
            "submit",
            "--local",
            "--concurrency",
            "1",
            "--driver-java-options",
            ChildJvm.extraJavaOptions(),
            "--class",
            ListeningApp.class.getName(),
            System.getProperty("letsdata.it.jar"));

    Set<ListeningSockets.Socket> seen = watched(command);

    assertThat(seen).allMatch(ListeningSockets.Socket::isLoopback);
    assertThat(seen.stream().filter(LoopbackIT::isOfTheApp))
        .as("RPC server, block manager and UI")
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void programOfOnesOwnListensOnLoopbackOnlyAndSoDoWorkers() throws Exception {
    Process program = start(ofOnesOwn("-Dspark.ui.port=0"));
    try {
      awaitReady(program);

      assertThat(ListeningSockets.of(program.toHandle()))
          .as("RPC server, block manager and UI")
          .hasSizeGreaterThanOrEqualTo(3)
          .allMatch(ListeningSockets.Socket::isLoopback);
      ProcessHandle cloud = ProcessHandle.of(STACK.cloud().pid()).orElseThrow();
      assertThat(ListeningSockets.tree(cloud)).anyMatch(LoopbackIT::isWorker);
      for (ProcessHandle process : ListeningSockets.tree(cloud).toList()) {
        assertThat(ListeningSockets.of(process)).allMatch(ListeningSockets.Socket::isLoopback);
      }
    } finally {
      end(program);
    }
  }

  @Test
  @ExpectedErrors(ExpectedErrors.NO_START)
  void addressThatNobodyChoseIsRefused() {
    SparkConf conf = STACK.lambdaConf().remove("spark.driver.bindAddress");

    assertThatThrownBy(() -> LambdaStack.session(conf.set("spark.driver.host", "0.0.0.0")))
        .rootCause()
        .isInstanceOf(UserErrorException.class)
        .hasMessageStartingWith("Cannot start: the driver listens on 0.0.0.0, where others can");
  }

  @Test
  @ExpectedErrors({
    "^TransportClientFactory: ",
    "^TransportChannelHandler: ",
    "^TransportRequestHandler: "
  })
  void authenticatedDriverRefusesConnectionsWithoutItsSecret() throws Exception {
    Process program =
        start(
            ofOnesOwn(
                "-Dspark.ui.enabled=false",
                "-Dspark.authenticate=true",
                "-Dspark.authenticate.secret=right"));
    try {
      awaitReady(program);
      int port = Integer.parseInt(output().replaceFirst("(?s).* port=(\\d+).*", "$1"));

      assertThatCode(() -> connect(port, Map.of(AUTHENTICATE, "true", SECRET, "right")))
          .doesNotThrowAnyException();
      assertThatThrownBy(() -> connect(port, Map.of(AUTHENTICATE, "true", SECRET, "wrong")))
          .isInstanceOf(Exception.class);
      assertThatThrownBy(() -> connect(port, Map.of())).isInstanceOf(Exception.class);
    } finally {
      end(program);
    }
  }

  /** Looks up an endpoint of a driver, as an executor does. */
  private static void connect(int port, Map<String, String> settings) {
    SparkConf conf = new SparkConf(false).set("spark.rpc.lookupTimeout", "20s");
    settings.forEach(conf::set);
    SecurityManager security =
        new SecurityManager(conf, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE_EXECUTOR());
    RpcEnv client = RpcEnv.create("probe", "127.0.0.1", 0, conf, security, true);
    try {
      var unused = client.setupEndpointRef(new RpcAddress("127.0.0.1", port), "MapOutputTracker");
    } finally {
      client.shutdown();
    }
  }

  /** The command line of a program that a user starts with {@code java}. */
  private static List<String> ofOnesOwn(String... flags) {
    StringWriter options = new StringWriter();
    assertThat(Main.run(new PrintWriter(options, true), new PrintWriter(options), "jvm-options"))
        .isZero();
    List<String> command = new ArrayList<>(List.of(ChildJvm.java(), "-Xmx512m"));
    command.addAll(ChildJvm.flags());
    command.addAll(List.of(options.toString().strip().split(" ", -1)));
    for (Tuple2<String, String> entry : STACK.lambdaConf().getAll()) {
      if (!entry._1().startsWith("spark.driver.") && !entry._1().equals("spark.ui.enabled")) {
        command.add("-D" + entry._1() + "=" + entry._2());
      }
    }
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ListeningApp.class.getName());
    return command;
  }

  private static void end(Process program) throws IOException, InterruptedException {
    try {
      program.getOutputStream().close();
      assertThat(program.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      program.destroyForcibly();
    }
  }

  /** Runs a command to its end and collects the sockets of all its processes. */
  private Set<ListeningSockets.Socket> watched(List<String> command)
      throws IOException, InterruptedException {
    Process process = start(command);
    Set<ListeningSockets.Socket> seen = new LinkedHashSet<>();
    boolean worker = false;
    try {
      while (process.isAlive()) {
        for (ProcessHandle each : ListeningSockets.tree(process.toHandle()).toList()) {
          seen.addAll(ListeningSockets.of(each));
          worker |= isWorker(each);
        }
        if (output().contains(ListeningApp.READY)) {
          process.getOutputStream().close();
        }
        boolean unused = process.waitFor(200, TimeUnit.MILLISECONDS);
      }
    } finally {
      process.destroy();
    }
    assertThat(process.exitValue()).as(output()).isZero();
    assertThat(worker).as("a worker was seen").isTrue();
    return seen;
  }

  private static boolean isWorker(ProcessHandle process) {
    return commandOf(process).contains(WORKER);
  }

  private static boolean isOfTheApp(ListeningSockets.Socket socket) {
    return socket.command().contains(ListeningApp.class.getName())
        && !socket.command().contains(Main.class.getName());
  }

  private static String commandOf(ProcessHandle process) {
    try {
      return ListeningSockets.command(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady(Process program) {
    await()
        .atMost(Duration.ofMinutes(5))
        .until(
            () -> {
              assertThat(program.isAlive()).as(output()).isTrue();
              return output().contains(ListeningApp.READY);
            });
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  /** A command line of letsdata, as its launcher script makes it. */
  private static List<String> command(String... arguments) {
    Path dist = HOME.resolve("letsdata-cli/target/dist");
    List<String> command = new ArrayList<>();
    command.add(ChildJvm.java());
    command.addAll(ChildJvm.flags());
    command.add("@" + dist.resolve("conf/jvm.options"));
    command.add("-Xmx512m");
    command.add("-Dlog4j.configurationFile=" + dist.resolve("conf/log4j2.properties"));
    command.add("-Dletsdata.home=" + HOME);
    command.addAll(List.of("-cp", dist.resolve("lib") + "/*", Main.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
