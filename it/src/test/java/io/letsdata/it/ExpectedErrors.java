// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The ERROR lines that a test, or a class of tests, causes in the driver's log. {@link ErrorLog}
 * fails a class for any other.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface ExpectedErrors {
  /** Spark gives a job up because a task has failed for the last time. */
  String JOB_ABORTED = "^TaskSetManager: Task \\d+ in stage \\S+ failed \\d+ times; aborting job$";

  /** A session does not start. */
  String NO_START = "^SparkContext: Error initializing SparkContext\\.";

  /**
   * Regular expressions. A line is {@code <logger>: <message>}, the logger without its package,
   * followed by {@code (<exception>)} where there is one; an expression must be found in it.
   */
  String[] value();
}
