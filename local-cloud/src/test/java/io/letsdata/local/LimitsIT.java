package io.letsdata.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.letsdata.local.admin.EnvironmentInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** Lambda's limits, where the stand-in is told to keep them. */
class LimitsIT {
  private static final boolean MOUNTS = LocalCloudOptions.canLimitTmp();
  private static TestCloud test;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    test =
        TestCloud.start(
            folder,
            3,
            spec -> spec.withEphemeralStorageMb(8),
            options -> {
              LocalCloudOptions narrow = options.withNewEnvironments(1);
              return MOUNTS ? narrow.withTmpLimit() : narrow;
            });
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

    assertThat(fits.functionError()).isNull();
    assertThat(tooMuch.payload().asUtf8String()).contains("No space left on device");
    assertThat(test.cloud().admin().environments())
        .extracting(EnvironmentInfo::temporaryBytes)
        .allSatisfy(bytes -> assertThat(bytes).isBetween(4L << 20, 8L << 20));
  }

  @Test
  void environmentBeyondTheRampIsThrottledThoughConcurrencyIsFree() throws Exception {
    CompletableFuture<InvokeResponse> first =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return test.invoke("sleep", "2000");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    await()
        .until(
            () ->
                test.cloud().admin().environments().stream()
                    .anyMatch(environment -> environment.state().equals("BUSY")));

    assertThatThrownBy(() -> test.invoke("echo", "second"))
        .isInstanceOf(TooManyRequestsException.class);

    assertThat(first.get().functionError()).isNull();
    assertThat(test.invoke("echo", "third").functionError()).isNull();
  }
}
