// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class ErrorLogTest {

  @ExpectedErrors("^Some: planted [0-9]+")
  interface Declares {
    @ExpectedErrors("of a test")
    void test();
  }

  @Test
  void lineThatNeitherClassNorTestDeclaresIsUnexpected() {
    List<String> lines = List.of("Some: planted 1", "Other: planted 1", "Third: of a test");

    assertThat(ErrorLog.unexpected(lines, Declares.class)).containsExactly("Other: planted 1");
  }

  @Test
  @ExpectedErrors("^ErrorLogTest: planted")
  void lineOfTheDriverIsCollectedWithItsException() {
    ErrorCollector collector = ErrorCollector.attached();

    LoggerFactory.getLogger(ErrorLogTest.class).warn("only a warning");
    LoggerFactory.getLogger(ErrorLogTest.class).error("planted", new IllegalStateException("why"));

    assertThat(collector.drain())
        .containsExactly("ErrorLogTest: planted (java.lang.IllegalStateException: why)");
    assertThat(collector.drain()).isEmpty();
  }

  @Test
  void errorsOfAnotherProcessAreFoundInItsOutput() {
    String output =
        """
        26/11/28 14:00:00 INFO SparkContext: Running Spark
        26/11/28 14:00:01 ERROR TaskSetManager: Task 0 failed
        java.lang.IllegalStateException: ERROR
        said rows=100
        14:00:02 ERROR SparkContext: without its date
        14:00:03.123 ERROR Executor of a worker, in a message
        """;

    assertThat(ErrorLog.linesOf(output))
        .containsExactly("TaskSetManager: Task 0 failed", "SparkContext: without its date");
  }
}
