// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import io.letsdata.executor.settings.InvalidSetting;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import io.letsdata.store.StoreSettings;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * What is refused at the start of a session, each with a remedy. Pure but for {@link #dropSecrets}.
 */
public final class SessionChecks {
  private static final String SHUFFLE_PREFIX = "spark.letsdata.shuffle.";

  private SessionChecks() {}

  public static void check(SparkConf conf) {
    List<String> keys = new ArrayList<>();
    for (Tuple2<String, String> entry : conf.getAll()) {
      if (!entry._1().startsWith(SHUFFLE_PREFIX)) { // the shuffle manager checks its own
        keys.add(entry._1());
      }
    }
    LambdaSettings.refuseUnknown(keys, knownKeys());
    String manager = conf.get("spark.shuffle.manager", "sort");
    if (!manager.equals(S3ShuffleManager.class.getName())) {
      throw new InvalidSetting(
          "Cannot start: spark.shuffle.manager is '"
              + manager
              + "', whose map outputs no other invocation can read. Set it to "
              + S3ShuffleManager.class.getName()
              + ".");
    }
    SettingRules.check(conf);
    for (String key : keys) {
      if (key.startsWith("spark.hadoop.") && Secrets.isSecretKey(conf, key)) {
        throw new InvalidSetting(
            "Cannot start: "
                + key
                + " holds a secret that would travel in serialized Hadoop configurations. Unset it;"
                + " workers use the function's role, the driver its environment"
                + " (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE).");
      }
    }
  }

  /**
   * Takes secrets out of the context's own conf, so that Spark copies them into no session conf,
   * Hadoop conf or local property. The user's {@code SparkConf} object keeps them.
   */
  public static void dropSecrets(SparkConf conf) {
    for (Tuple2<String, String> entry : conf.getAll()) {
      if (Secrets.isSecret(conf, entry._1(), entry._2())) {
        conf.remove(entry._1());
      }
    }
  }

  private static List<String> knownKeys() {
    List<String> known = new ArrayList<>(LambdaSettings.KEYS);
    known.addAll(StoreSettings.KEYS);
    return known;
  }
}
