// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import static io.letsdata.local.TestCloud.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.letsdata.local.admin.EnvironmentInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** Lambda's limits, where the stand-in is told to keep them. */
class LimitsIT {
  private static final boolean MOUNTS = LocalCloudOptions.canMount();
  private static TestCloud test;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    test =
        TestCloud.start(
            folder,
            3,
            spec -> spec.withEphemeralStorageMb(8),
            options -> MOUNTS ? options.newEnvironments(1).limitTmp() : options.newEnvironments(1));
  }

  @AfterAll
  static void stop() {
    test.close();
  }

  @Test
  void tmpIsAsLargeAsTheFunctionSays() throws Exception {
    assumeTrue(MOUNTS);

    InvokeResponse fits = test.invoke("spill", "4");
    InvokeResponse tooMuch = test.invoke("spill", "16");
    long pid = Long.parseLong(TestCloud.members(fits).get("pid"));

    assertThat(fits.functionError()).isNull();
    assertThat(tooMuch.payload().asUtf8String()).contains("No space left on device");
    assertThat(test.cloud().admin().environments())
        .filteredOn(environment -> environment.pid() == pid)
        .extracting(EnvironmentInfo::temporaryBytes)
        .singleElement()
        .satisfies(bytes -> assertThat(bytes).isBetween(4L << 20, 8L << 20));
  }

  @Test
  void functionWithoutReservedConcurrencyHasTheAccountsRequestRate() throws IOException {
    // Twice ten times its concurrency, in about a second.
    for (int request = 0; request < 60; request++) {
      assertThat(test.invoke("echo", "x").functionError()).isNull();
    }
  }

  @Test
  void environmentBeyondTheRampIsThrottledThoughConcurrencyIsFree(@TempDir Path folder)
      throws Exception {
    Path released = folder.resolve("released");

    // One may have an environment of the other test, and one may start another.
    List<Future<InvokeResponse>> running = test.invokeAndHold(3, released);
    await().until(() -> !TestCloud.failures(running).isEmpty());
    Files.createFile(released);
    await().until(() -> running.stream().allMatch(Future::isDone));

    assertThat(TestCloud.failures(running))
        .hasSizeBetween(1, 2)
        .allMatch(TooManyRequestsException.class::isInstance);
    assertThat(test.invoke("echo", "later").functionError()).isNull();
  }
}
