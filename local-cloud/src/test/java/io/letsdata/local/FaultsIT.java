// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import static io.letsdata.local.TestCloud.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.letsdata.local.admin.Fault;
import io.letsdata.local.admin.InvocationRecord;
import io.letsdata.local.admin.LocalAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ServiceException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** What tests can make go wrong. */
class FaultsIT {

  private static TestCloud test;
  private static LocalAdmin admin;
  private static Path dump;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    dump = folder.resolve("payloads");
    test =
        TestCloud.start(
            folder, 2, spec -> spec, options -> options.noRateLimit().payloadDump(dump));
    admin = test.cloud().admin();
  }

  @AfterAll
  static void stop() {
    test.close();
  }

  @BeforeEach
  void noFaults() throws Exception {
    admin.clearFaults();
  }

  @Test
  void lostAnswerMeansTheFunctionRan(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("appended");
    admin.plan(Fault.next(Fault.Kind.ANSWER_LOST));

    assertThatExceptionOfType(SdkClientException.class)
        .isThrownBy(() -> test.invoke("append", file.toString()));

    assertThat(file).hasContent("x");
    assertThat(admin.invocations()).last().extracting("fault").isEqualTo("ANSWER_LOST");
    assertThat(test.invoke("echo", "").statusCode()).isEqualTo(200);
  }

  @Test
  void lostRequestMeansTheFunctionDidNotRun(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("appended");
    admin.plan(Fault.next(Fault.Kind.REQUEST_LOST));

    assertThatExceptionOfType(SdkClientException.class)
        .isThrownBy(() -> test.invoke("append", file.toString()));

    assertThat(file).doesNotExist();
  }

  @Test
  void duplicateRunsTwice(@TempDir Path folder) throws Exception {
    for (Fault.Kind kind : List.of(Fault.Kind.DUPLICATE_FIRST, Fault.Kind.DUPLICATE_LAST)) {
      Path file = folder.resolve(kind.name());
      admin.plan(Fault.next(kind));

      InvokeResponse response = test.invoke("append", file.toString());

      assertThat(response.functionError()).isNull();
      await().untilAsserted(() -> assertThat(file).hasContent("xx"));
      await()
          .untilAsserted(
              () ->
                  assertThat(admin.invocations())
                      .filteredOn(run -> kind.name().equals(run.fault()))
                      .extracting(InvocationRecord::environment)
                      .doesNotHaveDuplicates()
                      .hasSize(2));
    }
  }

  @Test
  void faultHitsOnlyWhatItMatchesAndOnlyAsOftenAsPlanned() throws Exception {
    admin.plan(Fault.next(Fault.Kind.THROTTLE).times(2).of("toy").matching("needle"));

    assertThat(test.invoke("echo", "hay").statusCode()).isEqualTo(200);
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(TooManyRequestsException.class)
          .isThrownBy(() -> test.invoke("echo", "a needle"));
    }
    assertThat(test.invoke("echo", "a needle").statusCode()).isEqualTo(200);
    assertThat(admin.pendingFaults()).isEmpty();
  }

  @Test
  void serviceErrorsComeBeforeOrAfterTheRun(@TempDir Path folder) throws Exception {
    Path before = folder.resolve("before");
    Path after = folder.resolve("after");
    admin.plan(Fault.next(Fault.Kind.SERVICE_ERROR));
    admin.plan(Fault.next(Fault.Kind.SERVICE_ERROR_AFTER));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> test.invoke("append", before.toString()))
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(500));
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> test.invoke("append", after.toString()));

    assertThat(before).doesNotExist();
    assertThat(after).hasContent("x");
  }

  @Test
  void delayedAnswerComesLater() throws Exception {
    var unused = test.invoke("echo", "");
    admin.plan(Fault.next(Fault.Kind.DELAY_ANSWER).millis(400));
    long begin = System.nanoTime();

    InvokeResponse response = test.invoke("echo", "late");

    long tookMillis = (System.nanoTime() - begin) / 1_000_000;
    assertThat(tookMillis).isGreaterThanOrEqualTo(400);
    assertThat(TestCloud.members(response)).containsEntry("echo", "late");
    assertThat(admin.invocations())
        .last()
        .satisfies(r -> assertThat(r.durationMillis()).isLessThan(tookMillis - 400 + 1.0));
  }

  @Test
  void crashKillsTheRunningProcess() throws Exception {
    var unused = test.invoke("echo", "");
    admin.plan(Fault.next(Fault.Kind.CRASH).millis(50));

    InvokeResponse response = test.invoke("sleep", "50000");

    assertThat(response.payload().asUtf8String()).contains("Runtime.ExitError", "signal: killed");
  }

  @Test
  void busyEnvironmentCanBeKilledByItsId() throws Exception {
    CompletableFuture<InvokeResponse> running = CompletableFuture.supplyAsync(FaultsIT::longSleep);
    await().until(() -> admin.environments().stream().anyMatch(e -> e.state().equals("BUSY")));

    admin.kill(
        admin.environments().stream()
            .filter(e -> e.state().equals("BUSY"))
            .findFirst()
            .orElseThrow()
            .id());

    assertThat(running.join().payload().asUtf8String()).contains("signal: killed");
  }

  @Test
  void everyRunIsRecordedAndItsPayloadKept() throws Exception {
    InvokeResponse response = test.invoke("echo", "a canary");

    String id = response.responseMetadata().requestId();
    assertThat(admin.invocations())
        .filteredOn(run -> run.requestId().equals(id))
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.function()).isEqualTo("toy");
              assertThat(run.error()).isNull();
              assertThat(run.pid())
                  .isEqualTo(Long.parseLong(TestCloud.members(response).get("pid")));
              assertThat(run.payloadBytes()).isEqualTo(30);
              assertThat(run.responseBytes()).isEqualTo(response.payload().asByteArray().length);
              assertThat(run.billedMillis()).isPositive();
              assertThat(run.endedEpochMillis()).isGreaterThanOrEqualTo(run.startedEpochMillis());
            });
    assertThat(Files.readString(dump.resolve("toy").resolve(id + ".json"))).contains("a canary");
  }

  @Test
  void environmentsAndColdStartsAreCounted() throws Exception {
    test.endEnvironments();
    long before = admin.coldStarts();

    var unused = test.invoke("echo", "");

    assertThat(admin.coldStarts()).isEqualTo(before + 1);
    assertThat(admin.environments())
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.state()).isEqualTo("IDLE");
              assertThat(e.invocations()).isEqualTo(1);
            });
  }

  @Test
  void unknownControlIsRefused() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> admin.kill("nobody"))
        .withMessageContaining("404");
  }

  private static InvokeResponse longSleep() {
    try {
      return test.invoke("sleep", "50000");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
