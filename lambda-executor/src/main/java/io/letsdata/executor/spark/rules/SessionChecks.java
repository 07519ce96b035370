// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import io.letsdata.options.InstalledOptions;
import io.letsdata.options.Internal;
import io.letsdata.options.SecretRule;
import io.letsdata.options.UserErrorException;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/** Refuses sessions at their start, each with a remedy. Pure. */
@Internal
public final class SessionChecks {
  private SessionChecks() {}

  public static void check(SparkConf conf) {
    List<String> keys = Stream.of(conf.getAll()).map(Tuple2::_1).toList();
    InstalledOptions.load().requireKnownSettings(keys);
    String manager = conf.get("spark.shuffle.manager", "sort");
    if (!manager.equals(S3ShuffleManager.class.getName())) {
      throw new UserErrorException(
          "Cannot start: spark.shuffle.manager is '"
              + manager
              + "', whose map outputs no other invocation can read. Set it to "
              + S3ShuffleManager.class.getName()
              + ".");
    }
    SettingRules.check(conf);
    SecretRule secrets = secretRule(conf);
    for (String key : keys) {
      if (key.startsWith("spark.hadoop.") && secrets.isSecretKey(key)) {
        throw new UserErrorException(
            "Cannot start: "
                + key
                + " holds a secret that would travel in serialized Hadoop configurations. Unset it;"
                + " workers use the function's role, the driver its environment"
                + " (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE).");
      }
    }
  }

  /** Decides what is a secret in this session. */
  public static SecretRule secretRule(SparkConf conf) {
    return SecretRule.of(Optional.ofNullable(conf.get(SecretRule.PATTERN_KEY, null)));
  }
}
