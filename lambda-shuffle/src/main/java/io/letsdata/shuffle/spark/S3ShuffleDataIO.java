// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.options.Public;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.shuffle.api.ShuffleDataIO;
import org.apache.spark.shuffle.api.ShuffleDriverComponents;
import org.apache.spark.shuffle.api.ShuffleExecutorComponents;

/**
 * Spark's plugin for shuffle outputs that outlive executors, with the clean-up at the end. {@link
 * S3ShuffleManager} names it in {@code spark.shuffle.sort.io.plugin.class}.
 */
@Public
public final class S3ShuffleDataIO implements ShuffleDataIO {
  /** For Spark, which calls it. */
  public S3ShuffleDataIO(SparkConf conf) {}

  /** For writers that Spark's own manager makes; ours gives each writer its attempt. */
  @Override
  public ShuffleExecutorComponents executor() {
    throw new IllegalStateException(
        "Cannot write map outputs through "
            + S3ShuffleDataIO.class.getName()
            + " alone. Set spark.shuffle.manager="
            + S3ShuffleManager.class.getName()
            + ".");
  }

  @Override
  public ShuffleDriverComponents driver() {
    return new S3ShuffleDriverComponents(() -> manager().driver());
  }

  /**
   * The shuffle manager of this process; Spark makes it before it makes anything of this plugin.
   */
  static S3ShuffleManager manager() {
    if (SparkEnv.get().shuffleManager() instanceof S3ShuffleManager manager) {
      return manager;
    }
    throw new IllegalStateException(
        "Cannot use "
            + S3ShuffleDataIO.class.getName()
            + " with shuffle manager "
            + SparkEnv.get().shuffleManager().getClass().getName()
            + ". Set spark.shuffle.manager="
            + S3ShuffleManager.class.getName()
            + ".");
  }
}
