// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import static io.letsdata.local.TestCloud.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.local.admin.EnvironmentInfo;
import io.letsdata.local.admin.LocalAdmin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** What a function's environment is like, and how it ends. */
class EnvironmentIT {

  private static TestCloud test;
  private static TestCloud brief;
  private static LocalAdmin admin;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    test =
        TestCloud.start(
            folder,
            1,
            spec ->
                spec.withMemoryMb(200)
                    .withEnvironment("COLOR", "green")
                    .withEnvironment("JAVA_TOOL_OPTIONS", "-Dtoy.flag=on -Xmx300m"),
            options -> options);
    brief =
        TestCloud.start(
            folder.resolve("brief"), 1, spec -> spec.withTimeoutSeconds(3), options -> options);
    admin = test.cloud().admin();
  }

  @AfterAll
  static void stop() {
    test.close();
    brief.close();
  }

  @BeforeEach
  void noFaults() throws Exception {
    admin.clearFaults();
  }

  @Test
  void processSeesWhatAwsGivesIt() throws Exception {
    Map<String, String> environment = TestCloud.members(test.invoke("env", ""));

    assertThat(environment)
        .containsEntry("AWS_LAMBDA_FUNCTION_NAME", "toy")
        .containsEntry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "200")
        .containsEntry("AWS_REGION", "us-east-1")
        .containsEntry("AWS_ACCESS_KEY_ID", test.cloud().accessKey())
        .containsEntry("AWS_SECRET_ACCESS_KEY", test.cloud().secretKey())
        .containsEntry("AWS_ENDPOINT_URL_S3", test.cloud().s3Endpoint().toString())
        .containsEntry("TOY", "yes")
        .containsEntry("COLOR", "green")
        .doesNotContainKey("HOME");
  }

  @Test
  void flagsOfTheFunctionReachItsProcess() throws Exception {
    Map<String, String> system = TestCloud.members(test.invoke("system", ""));
    Map<String, String> memory = TestCloud.members(test.invoke("memory", ""));

    assertThat(system).containsEntry("toy.flag", "on");
    assertThat(Long.parseLong(memory.get("maxHeap"))).isBetween(280L << 20, 300L << 20);
  }

  @Test
  void temporaryFolderIsTheEnvironmentsOwn() throws Exception {
    Map<String, String> system = TestCloud.members(test.invoke("system", ""));

    assertThat(system.get("java.io.tmpdir"))
        .startsWith(test.cloud().home().resolve("tmp").toString());
  }

  @Test
  void packageIsLoadedFromItsTaskRoot() throws Exception {
    assertThat(TestCloud.members(test.invoke("resource", "/root.txt")))
        .containsEntry("resource", "at the task root");
    assertThat(TestCloud.members(test.invoke("system", "")).get("user.dir"))
        .startsWith(test.cloud().home().resolve("packages").toString());
  }

  @Test
  void warmEnvironmentIsUsedAgain() throws Exception {
    Map<String, String> first = TestCloud.members(test.invoke("echo", ""));
    Map<String, String> second = TestCloud.members(test.invoke("echo", ""));

    assertThat(second.get("pid")).isEqualTo(first.get("pid"));
    assertThat(Integer.parseInt(second.get("calls")))
        .isEqualTo(Integer.parseInt(first.get("calls")) + 1);
  }

  @Test
  void functionKnowsItsDeadline() throws Exception {
    String remaining = TestCloud.members(test.invoke("echo", "")).get("remainingMillis");

    assertThat(Integer.parseInt(remaining)).isBetween(1, 60_000);
  }

  @Test
  void environmentIsFrozenBetweenInvocations(@TempDir Path folder) throws Exception {
    Path ticks = folder.resolve("ticks");
    long pid = Long.parseLong(TestCloud.members(test.invoke("tick", ticks.toString())).get("pid"));

    await().until(() -> Processes.state(pid) == 'T');
    String before = Files.exists(ticks) ? Files.readString(ticks) : "";
    await().during(Duration.ofMillis(300)).until(() -> Processes.state(pid) == 'T');
    assertThat(Files.exists(ticks) ? Files.readString(ticks) : "").isEqualTo(before);

    // It may be frozen while it rewrites the file, which is empty then.
    await()
        .atMost(Duration.ofMinutes(5))
        .until(
            () -> {
              var unused = test.invoke("sleep", "500");
              String now = Files.exists(ticks) ? Files.readString(ticks) : "";
              return !now.isEmpty() && !now.equals(before);
            });
    assertThat(admin.environments()).extracting(EnvironmentInfo::state).containsExactly("IDLE");
  }

  @Test
  void invocationOverItsTimeoutIsKilled() throws Exception {
    long pid = Long.parseLong(TestCloud.members(brief.invoke("echo", "")).get("pid"));

    InvokeResponse response = brief.invoke("sleep", "60000");

    assertThat(response.functionError()).isEqualTo("Unhandled");
    assertThat(response.payload().asUtf8String())
        .contains("Sandbox.Timedout", "Task timed out after 3.00 seconds");
    await().until(() -> Processes.isGone(pid));
    assertThat(TestCloud.members(brief.invoke("echo", ""))).containsEntry("calls", "1");
  }

  @Test
  void processThatExitsIsAnErrorAndTheNextInvocationIsCold() throws Exception {
    InvokeResponse response = test.invoke("exit", "42");

    assertThat(response.functionError()).isEqualTo("Unhandled");
    assertThat(response.payload().asUtf8String())
        .contains("Runtime.ExitError", "Runtime exited with error: exit status 42");
    assertThat(TestCloud.members(test.invoke("echo", ""))).containsEntry("calls", "1");
  }

  @Test
  void moreMemoryThanTheFunctionHasKillsIt() throws Exception {
    InvokeResponse response = test.invoke("fill", "250");

    assertThat(response.payload().asUtf8String()).contains("Runtime.ExitError", "signal: killed");
    assertThat(admin.invocations())
        .last()
        .satisfies(
            run -> {
              assertThat(run.error()).isEqualTo("Runtime.ExitError");
              assertThat(run.memoryUsedMb()).isGreaterThan(180);
            });
  }

  @Test
  void aProcessHasThe1024DescriptorsOfLambda() throws Exception {
    assertThat(test.invoke("open", "900").functionError()).isNull();

    assertThat(test.invoke("open", "1100").payload().asUtf8String())
        .contains("Too many open files");
  }

  @Test
  void whatAnEnvironmentUsesIsListed() throws Exception {
    Path temporary = Path.of(TestCloud.members(test.invoke("system", "")).get("java.io.tmpdir"));
    long before = admin.environments().get(0).temporaryBytes();
    var unused = test.invoke("append", temporary.resolve("one-byte").toString());

    EnvironmentInfo environment = admin.environments().get(0);
    assertThat(environment.temporaryBytes()).isEqualTo(before + 1);
    assertThat(environment.peakThreads()).isPositive();
    assertThat(environment.peakDescriptors()).isPositive();
  }

  @Test
  void environmentKilledWhileFrozenIsReplaced() throws Exception {
    var unused = test.invoke("echo", "");
    EnvironmentInfo frozen = admin.environments().get(0);

    admin.kill(frozen.id());
    await().until(() -> Processes.isGone(frozen.pid()));

    assertThat(TestCloud.members(test.invoke("echo", ""))).containsEntry("calls", "1");
  }

  @Test
  void logOfTheEnvironmentIsKeptInItsFile() throws Exception {
    var unused = test.invoke("log", "a line to find");
    EnvironmentInfo environment = admin.environments().get(0);

    assertThat(test.cloud().home().resolve("logs/toy/" + environment.id() + ".log"))
        .content()
        .contains("START RequestId", "a line to find\n", "REPORT RequestId");
  }
}
