// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import io.letsdata.executor.account.RunReport;
import org.apache.spark.SparkContext;

/** Where a program asks what its run took. */
public final class RunReports {
  private RunReports() {}

  /**
   * The application's account so far; ask before the context is stopped. No request.
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
