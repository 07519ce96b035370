// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  void ourErrorIsFoundAmongTheCauses() {
    Exception failure =
        new IllegalStateException(
            "wrapped", new IOException("Cannot read s3://b/k: no such object. Check it."));

    assertThat(Failures.oneLine(failure))
        .isEqualTo("Cannot read s3://b/k: no such object. Check it.");
  }

  @Test
  void ourErrorIsFoundInsideTheTextOfSpark() {
    Exception failure =
        new IllegalStateException(
            "Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, most recent failure:"
                + " Lost task 0.3 (TID 3): java.io.IOException: Cannot read s3://b/k: denied.\n\tat A.b(A.java)\n"
                + "Driver stacktrace:");

    assertThat(Failures.oneLine(failure)).isEqualTo("Cannot read s3://b/k: denied.");
  }

  @Test
  void otherErrorIsShownAsItsTypeAndFirstLine() {
    assertThat(Failures.oneLine(new IllegalStateException("first\n\tat second")))
        .isEqualTo("IllegalStateException: first");
  }

  @Test
  void failureWithoutMessageShowsItsTypeAndTheDebugSwitch() {
    assertThat(Failures.oneLine(new NullPointerException()))
        .isEqualTo("java.lang.NullPointerException. Run again with --debug to see where.");
  }

  @Test
  void searchOfCircularCausesEnds() {
    IllegalStateException first = new IllegalStateException("first");
    first.initCause(new IllegalStateException("second", first));

    assertThat(Failures.oneLine(first)).isEqualTo("IllegalStateException: first");
  }
}
