// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InvocationReportTest {
  private static final String WARM =
      "START RequestId: 8a Version: $LATEST\nhello\nEND RequestId: 8a\n"
          + "REPORT RequestId: 8a\tDuration: 12.34 ms\tBilled Duration: 13 ms\t"
          + "Memory Size: 2048 MB\tMax Memory Used: 411 MB\n";

  @Test
  void warmReportHasNoInit() {
    InvocationReport report = InvocationReport.parse(WARM).orElseThrow();

    assertThat(report)
        .isEqualTo(new InvocationReport(Duration.ofMillis(13), Optional.empty(), 2048, 411));
  }

  @Test
  void coldReportHasItsInit() {
    String cold = WARM.strip() + "\tInit Duration: 803.50 ms\n";

    assertThat(InvocationReport.parse(cold).orElseThrow().init())
        .contains(Duration.ofNanos(803_500_000));
  }

  @Test
  void tailWithoutReportIsAbsent() {
    assertThat(InvocationReport.parse("")).isEmpty();
    assertThat(InvocationReport.parse("REPORT RequestId: 8a\tcut")).isEmpty();
  }

  @Test
  void accountAddsUpGigabyteSecondsAndDollars() {
    RunAccount account = new RunAccount(() -> io.letsdata.store.RequestCounts.ZERO);

    account.invoked(
        Optional.of(
            new InvocationReport(
                Duration.ofSeconds(3), Optional.of(Duration.ofSeconds(1)), 2048, 400)));
    account.invoked(Optional.empty());

    RunReport report = account.report();
    assertThat(report.invocations()).isEqualTo(2);
    assertThat(report.coldStarts()).isEqualTo(1);
    assertThat(report.gigabyteSeconds()).isEqualTo(6.0);
    assertThat(report.dollars()).isCloseTo(6 * 0.0000166667 + 2 * 0.0000002, within(1e-12));
  }
}
