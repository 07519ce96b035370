// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import io.letsdata.executor.account.RunReport;
import io.letsdata.options.Public;
import org.apache.spark.SparkContext;

/** Gives a program the report of its run. Thread-safe. */
@Public
public final class RunReports {
  private RunReports() {}

  /**
   * The report of the application so far; call before the context is stopped. No request.
   *
   * @throws IllegalArgumentException when the context's master is not Lambda
   */
  public static RunReport of(SparkContext context) {
    if (context.schedulerBackend() instanceof LambdaSchedulerBackend backend) {
      return backend.report();
    }
    throw new IllegalArgumentException(
        "Cannot report on master '" + context.master() + "': only lambda:// keeps an account.");
  }
}
