// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.protocol.LogTail;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The function's time limit is raised while the application runs. */
final class RaisedLimitTest extends DispatchFixture {
  private static final Duration FIRST = Duration.ofMinutes(1);

  @Override
  Duration firstLimit() {
    return FIRST;
  }

  private void endsItself(int invocation) {
    fails(
        invocation,
        "Runtime.ExitError",
        "RequestId: r Error: Runtime exited with error: exit status 76",
        "INFO Ending: " + LogTail.RAISED_LIMIT + "900 s\nEND\n");
  }

  @Test
  void taskThatItsWorkerEndedIsTriedAgainWithTheFunctionsLimit() {
    TaskDispatch first = start();

    endsItself(0);

    assertSettled(first, "0 lost");
    assertThat(reports.reason).contains("new limit of 900 s");
    assertThat(limit.current()).isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void workerThatEndsItselfIsNoTimeout() {
    start();
    endsItself(0);
    start();
    endsItself(1);
    TaskDispatch third = start();
    endsItself(2);

    assertSettled(third, "0 lost", "1 lost", "2 lost");
  }

  @Test
  void exitWithTheSameStatusIsACrashWithoutTheLastLine() {
    start();

    fails(0, "Runtime.ExitError", "exit status 76", "END\n");

    assertThat(reports.reason).contains("crashed");
    assertThat(limit.current()).isEqualTo(FIRST);
  }

  @Test
  void rightOfALaterInvocationIsHeldForTheNewLimit() throws IOException {
    start();
    endsItself(0);
    TaskDispatch second = start();
    takeRight(second, "only", "request-1");

    reports.of.clear();

    loses(1);
    untilReported();

    assertThat(reports.of).containsExactly("1 lost");
    assertThat(Duration.ofNanos(timer.nowNanos()))
        .isGreaterThanOrEqualTo(limit.aliveAtMost())
        .isGreaterThanOrEqualTo(Duration.ofSeconds(915));
  }

  @Test
  void timeoutNamesTheLimitThatLambdaNames() {
    start();

    fails(0, "Sandbox.Timedout", "Task timed out after 30.00 seconds", "");

    assertThat(reports.reason).contains("the function's time limit of 30 s");
  }
}
