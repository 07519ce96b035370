// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.options.InstalledOptions;
import io.letsdata.options.UserErrorException;
import io.letsdata.shuffle.driver.ExchangeOptions;
import java.util.stream.Stream;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/** The settings that a session that shuffles over S3 must have, or must not have. Stateless. */
final class SessionRules {
  private static final String PLUGIN = "spark.shuffle.sort.io.plugin.class";

  private SessionRules() {}

  /** Sets Spark's plugin to ours; throws when it is set to another class. */
  static SparkConf requirePlugin(SparkConf conf) {
    String plugin = conf.get(PLUGIN, S3ShuffleDataIO.class.getName());
    if (!plugin.equals(S3ShuffleDataIO.class.getName())) {
      throw new UserErrorException(
          "Cannot shuffle over S3: "
              + PLUGIN
              + " is "
              + plugin
              + ". Remove it, or set it to "
              + S3ShuffleDataIO.class.getName()
              + ".");
    }
    return conf.set(PLUGIN, plugin);
  }

  /** Throws when a setting under our prefix is unknown, naming the nearest known one. */
  static void requireKnownSettings(SparkConf conf) {
    InstalledOptions.load().requireKnownSettings(Stream.of(conf.getAll()).map(Tuple2::_1).toList());
  }

  /** Throws when one of Spark's settings contradicts a shuffle over S3. */
  static void refuseContradictions(SparkConf conf) {
    refuse(conf, "spark.shuffle.push.enabled", "outputs do not pass through shuffle services");
    refuse(conf, "spark.shuffle.useOldFetchProtocol", "map ids must be unique in the application");
    refuse(
        conf,
        "spark.files.fetchFailure.unRegisterOutputOnHost",
        "one lost output would drop all, which share a host");
  }

  private static void refuse(SparkConf conf, String key, String why) {
    if (conf.getBoolean(key, false)) {
      throw new UserErrorException(
          "Cannot shuffle over S3 with " + key + "=true: " + why + ". Remove the setting.");
    }
  }

  /** Throws when the session asks for merges and has no function that could carry them out. */
  static void refuseCombined(SparkConf conf, ExchangeOptions options) {
    if (options.mode() == ExchangeOptions.Mode.COMBINED && !isLambdaMaster(conf)) {
      throw new UserErrorException(
          "Cannot combine shuffle outputs on master "
              + conf.get("spark.master", "")
              + ": merging needs a Lambda function. Set "
              + ShuffleOptions.EXCHANGE
              + "=auto, or use a lambda:// master.");
    }
  }

  /** Throws, before any task has run, when a shuffle has too many reduce partitions. */
  static void requireAtMost(int partitions, int shuffleId, Partitioner partitioner) {
    if (partitioner.numPartitions() > partitions) {
      throw new UserErrorException(
          "Cannot register shuffle "
              + shuffleId
              + ": it has "
              + partitioner.numPartitions()
              + " partitions, and a map output can have "
              + partitions
              + " (2^24). Use fewer partitions.");
    }
  }

  static boolean isLambdaMaster(SparkConf conf) {
    return conf.get("spark.master", "").contains("lambda://");
  }
}
