// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import static io.letsdata.local.TestCloud.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a stand-in ends, no process and no file of it is left. */
class NothingLeftIT {

  /** What exists while a stand-in with one frozen environment runs. */
  private record Running(long standIn, List<Long> children, long function, Path home) {

    static Running of(long standIn, long function, Path home) {
      List<Long> children =
          ProcessHandle.of(standIn).orElseThrow().descendants().map(ProcessHandle::pid).toList();
      // The S3 server, the reaper, the function.
      assertThat(children).hasSizeGreaterThanOrEqualTo(3).contains(function);
      return new Running(standIn, children, function, home);
    }

    void assertGone() {
      await()
          .untilAsserted(
              () -> {
                assertThat(children).allMatch(Processes::isGone);
                assertThat(Processes.isGone(standIn)).isTrue();
                assertThat(home).doesNotExist();
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "TERM", "INT", "KILL"})
  void endOfTheStandInLeavesNothing(String how, @TempDir Path folder) throws Exception {
    try (TestCloud test = TestCloud.start(folder, 1)) {
      long function = Long.parseLong(TestCloud.members(test.invoke("echo", "")).get("pid"));
      await().until(() -> Processes.state(function) == 'T');
      Running running = Running.of(test.cloud().pid(), function, test.cloud().home());

      if (how.equals("close")) {
        test.cloud().close();
      } else {
        assumeFalse(
            how.equals("INT") && Processes.ignoresInterrupt(test.cloud().pid()),
            "this build was started in the background of a script, whose children ignore SIGINT");
        signal(how, test.cloud().pid());
      }

      running.assertGone();
    }
  }

  @Test
  void killedOwnerLeavesNothing(@TempDir Path folder) throws Exception {
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Dletsdata.local.dist=" + TestCloud.dist(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.letsdata.local.OwnerMain",
                folder.toString())
            .redirectError(folder.resolve("owner.log").toFile())
            .start();
    try (BufferedReader output = owner.inputReader()) {
      String line = output.readLine();
      assertThat(line).isNotNull();
      String[] words = line.split(" ", 3);
      Running running =
          Running.of(Long.parseLong(words[0]), Long.parseLong(words[1]), Path.of(words[2]));

      owner.destroyForcibly();

      running.assertGone();
    } finally {
      owner.destroyForcibly();
    }
  }

  @Test
  void givenHomeIsKept(@TempDir Path folder) throws Exception {
    Path home = folder.resolve("home");

    LocalCloud.start(LocalCloudOptions.builder(TestCloud.dist()).home(home).build()).close();

    assertThat(home.resolve("s3.log")).exists();
    assertThat(home.resolve("s3")).isDirectory();
  }

  @Test
  void standInThatCannotStartSaysWhyAndLeavesNothing(@TempDir Path folder) throws Exception {
    Path definition =
        Files.writeString(
            folder.resolve("f.json"), "{\"FunctionName\": \"f\", \"Handler\": \"A::b\"}");
    FunctionSpec missing = FunctionSpec.of(definition, folder.resolve("missing.zip"), 1);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                LocalCloud.start(
                    LocalCloudOptions.builder(TestCloud.dist()).function(missing).build()))
        .withMessageContaining("missing.zip: no such file. Build it first.");
  }

  @Test
  void folderWithoutTheStandInIsNamed(@TempDir Path folder) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> LocalCloud.start(LocalCloudOptions.of(folder)))
        .withMessageContaining("no folder " + folder.resolve("lib"));
  }

  private static void signal(String name, long pid) throws Exception {
    int exit = new ProcessBuilder("kill", "-s", name, Long.toString(pid)).start().waitFor();
    assertThat(exit).isZero();
  }
}
