// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.options.Evolving;
import io.letsdata.shuffle.request.ShuffleReport;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;

/** The requests and bytes of an application's shuffles so far, on any master. */
@Evolving
public final class ShuffleReports {
  private ShuffleReports() {}

  /**
   * Of the application that runs in this process: tasks that have ended, failed ones too, and the
   * driver. No request. The same is logged when the application ends, and Spark's UI shows each
   * shuffle's line on the pages of its stages.
   *
   * @return empty when it shuffles otherwise, or has stopped
   */
  public static Optional<ShuffleReport> of(SparkContext spark) {
    if (spark.isStopped() || SparkEnv.get() == null) {
      return Optional.empty();
    }
    return SparkEnv.get().shuffleManager() instanceof S3ShuffleManager manager
        ? Optional.of(manager.driver().context().accounts().report())
        : Optional.empty();
  }
}
