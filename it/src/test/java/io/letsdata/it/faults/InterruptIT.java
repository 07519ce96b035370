// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.letsdata.fixtures.stack.ChildJvm;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ErrorLog;
import io.letsdata.it.StoreAccess;
import io.letsdata.it.tasks.InterruptedApp;
import io.letsdata.store.ListedObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** Ctrl-C, in a driver of its own. */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@StoreAccess(runs = "interrupted-runs")
final class InterruptIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final String RUNS = "interrupted-runs";

  /**
   * The documentation promises 5 s on a quiet machine. A driver that waited for its tasks would
   * take this long: it is the function's time limit.
   */
  private static final Duration TASKS_TAKE = Duration.ofSeconds(60);

  @Test
  void driverEndsWithinSecondsOfCtrlCAndLeavesNothing(@TempDir Path folder) throws Exception {
    long timedOut = STACK.timedOut();
    Path output = folder.resolve("output");
    Process driver =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      await()
          .atMost(Duration.ofMinutes(5))
          .until(() -> STACK.busyWorkers() == 2 || !driver.isAlive());
      assertThat(driver.isAlive()).as(Files.readString(output)).isTrue();

      long begin = System.nanoTime();
      interrupt(driver);
      assertThat(driver.waitFor(TASKS_TAKE.toSeconds(), TimeUnit.SECONDS)).isTrue();

      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      System.out.println("Ctrl-C: the driver ended after " + took.toMillis() + " ms");
      assertThat(driver.exitValue()).as(Files.readString(output)).isNotZero();
      ErrorLog.judge(Files.readString(output));
    } finally {
      driver.destroyForcibly();
    }
    STACK.awaitIdle();
    assertThat(STACK.timedOut()).isEqualTo(timedOut);
    // The flags that told the workers to end; `letsdata gc` takes them.
    assertThat(keys()).hasSizeLessThanOrEqualTo(2).allMatch(key -> key.contains("/kill/"));
  }

  private static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(ChildJvm.java());
    command.add("-Xmx512m");
    command.addAll(ChildJvm.flags());
    SparkConf conf =
        STACK
            .lambdaConf()
            .set("spark.letsdata.run.location", "s3://" + STACK.bucket() + "/" + RUNS);
    for (Tuple2<String, String> setting : conf.getAll()) {
      command.add("-D" + setting._1() + "=" + setting._2());
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(InterruptedApp.class.getName());
    return command;
  }

  /**
   * SIGINT; SIGTERM, which takes the same way through a JVM, when we were started in the background
   * of a script, whose children ignore SIGINT.
   */
  private static void interrupt(Process process) throws IOException, InterruptedException {
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    String ignored =
        Files.readString(status, StandardCharsets.US_ASCII)
            .lines()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElse("0");
    boolean ignoresInt = (Long.parseUnsignedLong(ignored, 16) & 2) != 0;
    Process kill =
        new ProcessBuilder("kill", ignoresInt ? "-TERM" : "-INT", String.valueOf(process.pid()))
            .start();
    assertThat(kill.waitFor()).isZero();
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>();
    STACK
        .store()
        .listAll(STACK.bucket(), RUNS + "/")
        .forEachRemaining((ListedObject object) -> keys.add(object.location().key()));
    return keys;
  }
}
