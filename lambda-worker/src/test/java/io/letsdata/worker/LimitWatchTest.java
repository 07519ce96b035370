// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.worker.spark.Invocation;
import io.letsdata.worker.spark.TestPayloads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class LimitWatchTest {
  /** Of {@link TestPayloads#task}. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final CompletableFuture<Duration> ended = new CompletableFuture<>();

  /** A watch of an invocation that began so long ago. */
  private LimitWatch watch(Duration functionLimit, Duration ago) {
    return LimitWatch.start(
        TestPayloads.task("app"),
        new Invocation("nonce", "request", "stream", functionLimit),
        System.nanoTime() - ago.toNanos(),
        ended::complete);
  }

  @Test
  void invocationEndsAtTheLimitOfItsPayloadWhenThatOfTheFunctionIsLonger() {
    LimitWatch watch = watch(Duration.ofMillis(899_990), LIMIT.minusMillis(20));

    assertThat(ended.join()).isEqualTo(Duration.ofMinutes(15));
    watch.close();
  }

  @Test
  void invocationIsLeftToTheFunctionsLimitWhenThatIsNotLonger() {
    int before = watches();

    LimitWatch watch = watch(LIMIT.minusMillis(10), LIMIT);

    assertThat(watches()).isEqualTo(before);
    watch.close();
    assertThat(ended).isNotDone();
  }

  @Test
  void closedWatchEndsNothing() {
    LimitWatch watch = watch(Duration.ofMinutes(15), Duration.ZERO);
    Thread thread =
        Thread.getAllStackTraces().keySet().stream()
            .filter(LimitWatchTest::isWatch)
            .findFirst()
            .orElseThrow();
    thread.interrupt(); // does not end it

    watch.close();

    assertThat(thread).satisfies(Thread::join);
    assertThat(ended).isNotDone();
  }

  private static boolean isWatch(Thread thread) {
    return thread.getName().equals("letsdata-limit-watch");
  }

  private static int watches() {
    return (int)
        Thread.getAllStackTraces().keySet().stream().filter(LimitWatchTest::isWatch).count();
  }
}
