// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import io.letsdata.executor.settings.InvalidSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * Takes the session's secrets out of Hadoop configurations that are about to travel. Spark copies
 * every setting of a session into each of them (SessionState.newHadoopConf, 3.5.9), also those
 * given to {@code SparkSession.builder()}, which no earlier hook can reach.
 */
public final class SecretScrub {
  /** Static keys of S3A, plain or for one bucket. */
  private static final Pattern S3A_KEYS =
      Pattern.compile("fs\\.s3a\\.(.*\\.)?(access\\.key|secret\\.key|session\\.token)");

  private final Pattern secrets;

  public SecretScrub(Pattern secrets) {
    this.secrets = secrets;
  }

  /**
   * Removes what is secret among Spark's own keys.
   *
   * @return whether anything was removed
   * @throws InvalidSetting when it holds static S3A keys, which code may need and must not travel
   */
  public boolean scrub(Configuration conf) {
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, String> entry : conf) {
      String key = entry.getKey();
      if (S3A_KEYS.matcher(key).matches() && !entry.getValue().isEmpty()) {
        throw new InvalidSetting(
            "Cannot send a Hadoop configuration to workers: "
                + key
                + " holds a static key. Unset it; workers use the function's role, the driver its"
                + " environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE).");
      }
      if (key.startsWith("spark.") && Secrets.isSecret(secrets, key, entry.getValue())) {
        found.add(key);
      }
    }
    found.forEach(conf::unset);
    return !found.isEmpty();
  }
}
