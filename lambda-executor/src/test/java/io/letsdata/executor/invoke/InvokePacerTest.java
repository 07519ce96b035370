// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class InvokePacerTest {
  private long now = 1_000_000_000_000L;

  private InvokePacer pacer(int configured) {
    return new InvokePacer(configured, now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  /** Sends until nothing more is admitted. */
  private int sendAll(InvokePacer pacer) {
    int sent = 0;
    while (pacer.admit(now) == 0) {
      sent++;
    }
    return sent;
  }

  @Test
  void neverMoreInFlightThanConfigured() {
    InvokePacer pacer = pacer(7);

    assertThat(sendAll(pacer)).isEqualTo(7);
    pacer.ran(now);
    pass(Duration.ofHours(1));

    assertThat(sendAll(pacer)).isEqualTo(1);
    assertThat(pacer.inFlight()).isEqualTo(7);
  }

  @Test
  void environmentsGrowAsLambdaStartsThem() {
    InvokePacer pacer = pacer(5_000);

    assertThat(sendAll(pacer)).isEqualTo(1_000);
    pass(Duration.ofSeconds(1));
    assertThat(sendAll(pacer)).isEqualTo(100);
    pass(Duration.ofSeconds(10));
    assertThat(sendAll(pacer)).isEqualTo(1_000);
  }

  @Test
  void warmEnvironmentsAreUsedAtOnce() {
    InvokePacer pacer = pacer(3_000);
    sendAll(pacer);
    for (int i = 0; i < 1_000; i++) {
      pacer.ran(now);
    }

    assertThat(pacer.room(now)).isEqualTo(1_000);
    assertThat(sendAll(pacer)).isEqualTo(1_000);
  }

  @Test
  void waitForAnEnvironmentIsAsLongAsItsStart() {
    InvokePacer pacer = pacer(5_000);
    sendAll(pacer);

    long wait = pacer.admit(now);

    assertThat(wait).isBetween(1L, Duration.ofMillis(10).toNanos());
    now += wait + 1;
    assertThat(pacer.admit(now)).isZero();
  }

  @Test
  void environmentsThatWereIdleForMinutesAreForgotten() {
    InvokePacer pacer = pacer(3_000);
    sendAll(pacer);
    pass(Duration.ofSeconds(10));
    sendAll(pacer);
    for (int i = 0; i < 2_000; i++) {
      pacer.ran(now);
    }

    pass(Duration.ofMinutes(6));
    pacer.room(now);
    pass(Duration.ofMinutes(6));

    assertThat(sendAll(pacer)).isEqualTo(1_000);
  }

  @Test
  void throttlingCutsTheLimitToNinetyPercentOfThoseInFlight() {
    InvokePacer pacer = pacer(200);
    sendAll(pacer);

    for (int i = 0; i < 100; i++) {
      pacer.throttled(now);
    }

    assertThat(pacer.inFlight()).isEqualTo(100);
    assertThat(pacer.limit()).isEqualTo(90);
    assertThat(sendAll(pacer)).isZero();
  }

  @Test
  void serviceErrorCutsTheLimitToFiftyPercentOfThoseInFlight() {
    InvokePacer pacer = pacer(200);
    sendAll(pacer);

    pacer.unavailable(now);

    assertThat(pacer.limit()).isEqualTo(99);
  }

  @Test
  void oneProbeIsAlwaysAllowed() {
    InvokePacer pacer = pacer(50);
    sendAll(pacer);

    for (int i = 0; i < 50; i++) {
      pacer.unavailable(now);
    }

    assertThat(pacer.limit()).isEqualTo(1);
    assertThat(sendAll(pacer)).isEqualTo(1);
  }

  @Test
  void limitGrowsBackWhenNothingIsRefused() {
    InvokePacer pacer = pacer(100);
    sendAll(pacer);
    for (int i = 0; i < 100; i++) {
      pacer.throttled(now);
    }
    pass(Duration.ofSeconds(1));
    assertThat(pacer.room(now)).isEqualTo(1);

    pass(Duration.ofSeconds(5));
    int soon = pacer.room(now);
    pass(Duration.ofMinutes(1));

    assertThat(soon).isBetween(5, 20);
    assertThat(pacer.room(now)).isEqualTo(100);
  }

  @Test
  void requestRateIsUnlimitedUntilLambdaLimitsIt() {
    InvokePacer pacer = pacer(4);
    for (int i = 0; i < 500; i++) {
      assertThat(pacer.admit(now)).isZero();
      pacer.ran(now);
    }

    assertThat(pacer.admit(now)).isZero();
    pacer.rateExceeded(now);

    assertThat(pacer.limit()).isEqualTo(4);
    assertThat(pacer.admit(now)).isPositive();
    pass(Duration.ofMillis(900));
    assertThat(sendAndEnd(pacer)).isBetween(30, 50); // a tenth of a second's worth at once
  }

  private int sendAndEnd(InvokePacer pacer) {
    int sent = 0;
    while (pacer.admit(now) == 0) {
      pacer.ran(now);
      sent++;
    }
    return sent;
  }

  @Test
  void rateNeverFallsBelowThatOfOneEnvironment() {
    InvokePacer pacer = pacer(1);
    for (int i = 0; i < 20; i++) {
      long wait = pacer.admit(now);
      now += wait;
      if (wait > 0) {
        assertThat(pacer.admit(now)).isZero();
      }
      pacer.rateExceeded(now);
    }

    assertThat(pacer.admit(now)).isLessThanOrEqualTo(Duration.ofMillis(100).toNanos());
  }

  @Test
  void refusalEndsWithTheFirstInvocationThatRuns() {
    InvokePacer pacer = pacer(2);
    sendAll(pacer);
    pacer.throttled(now);
    pass(Duration.ofSeconds(7));
    pacer.unavailable(now);

    assertThat(pacer.refusingFor(now)).contains(Duration.ofSeconds(7));
    sendAll(pacer);
    pacer.ran(now);

    assertThat(pacer.refusingFor(now)).isEmpty();
  }
}
