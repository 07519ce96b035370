// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.protocol.Messages;
import io.letsdata.protocol.RunOptions;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process of an environment, so that two applications do not share it. The invocation
 * fails; the driver knows the exit and sends it again, to another environment. Stateless.
 */
final class EnvironmentEnd {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentEnd.class);

  /** JDK 17, {@code jdk.internal.loader.NativeLibraries}. */
  private static final String HELD_LIBRARY = "already loaded in another classloader";

  private EnvironmentEnd() {}

  /** Whether the application wants processes of its own. */
  static boolean isWanted(SparkConf conf) {
    String value = conf.get(RunOptions.ISOLATED.key(), "application");
    return RunOptions.ISOLATED.parse(value);
  }

  /**
   * Whether a task failed because classes of an earlier application hold its native library; a JVM
   * gives such a library to one class loader, until that one is garbage.
   *
   * @param failure the task's exception with its causes
   */
  static boolean isRemedyOf(String failure) {
    return failure.contains(HELD_LIBRARY);
  }

  /** Does not return. */
  static void now() {
    try {
      LOG.info("Ending: {}", Messages.OTHER_APPLICATION); // the last line, which the driver reads
    } finally {
      Runtime.getRuntime().halt(Messages.EXIT_OTHER_APPLICATION);
    }
  }
}
