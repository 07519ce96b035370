// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import io.letsdata.options.Internal;
import io.letsdata.options.SecretRule;
import io.letsdata.options.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Leaves the session's secrets out of Hadoop configurations that are about to travel. Spark copies
 * every setting of a session into each of them (SessionState.newHadoopConf, 3.5.9), also those
 * given to {@code SparkSession.builder()}, which no earlier hook can reach. The driver's own
 * configurations stay as they are.
 */
@Internal
public final class SecretScrub {
  private final SecretRule secrets;

  public SecretScrub(SecretRule secrets) {
    this.secrets = secrets;
  }

  /**
   * The configuration without the secrets among Spark's own keys: a copy, or {@code conf} itself
   * when it holds none.
   *
   * @throws UserErrorException when it holds static S3A keys, which code may need and must not
   *     travel
   */
  public Configuration withoutSecrets(Configuration conf) {
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, String> entry : conf) {
      String key = entry.getKey();
      if (SecretRule.isStaticS3aKey(key) && !entry.getValue().isEmpty()) {
        throw new UserErrorException(
            "Cannot send a Hadoop configuration to workers: "
                + key
                + " holds a static key. Unset it; workers use the function's role, the driver its"
                + " environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE).");
      }
      if (key.startsWith("spark.") && secrets.isSecret(key, entry.getValue())) {
        found.add(key);
      }
    }
    if (found.isEmpty()) {
      return conf;
    }
    Configuration copy = new Configuration(conf);
    found.forEach(copy::unset);
    return copy;
  }
}
