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

  private EnvironmentEnd() {}

  /** Whether the application wants processes of its own. */
  static boolean isWanted(SparkConf conf) {
    String value = conf.get(RunOptions.ISOLATED.key(), "application");
    return RunOptions.ISOLATED.parse(value);
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
