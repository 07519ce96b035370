// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import io.letsdata.options.Internal;
import io.letsdata.options.SecretRule;
import io.letsdata.options.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.immutable.Map;
import scala.collection.immutable.TreeMap;
import scala.math.Ordering;

/**
 * Leaves the session's secrets out of Hadoop configurations and maps of settings that are about to
 * travel. Spark copies every setting of a session into each of them (SessionState.newHadoopConf,
 * SQLExecutionRDD, 3.5.9), also those given to {@code SparkSession.builder()}, which no earlier
 * hook can reach. The driver's own stay as they are.
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
    for (java.util.Map.Entry<String, String> entry : conf) {
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

  /** Whether the text may be the key or the value of a secret, which is to be looked for then. */
  public boolean isSuspect(String text) {
    return secrets.isSuspect(text);
  }

  /**
   * The settings without the secrets among Spark's own keys; {@code map} itself when it holds none
   * or is not a map of settings. Spark puts every setting of a session into such a map
   * (SQLExecutionRDD, 3.5.9). A TreeMap, which serializes itself; an immutable HashMap does not.
   */
  public Map<?, ?> withoutSecrets(Map<?, ?> map) {
    TreeMap<String, String> clean = new TreeMap<>(Ordering.String$.MODULE$);
    for (Tuple2<?, ?> entry : JavaConverters.asJavaIterable(map)) {
      if (!(entry._1() instanceof String key) || !(entry._2() instanceof String value)) {
        return map;
      }
      if (!key.startsWith("spark.") || !secrets.isSecret(key, value)) {
        clean = clean.insert(key, value);
      }
    }
    return clean.size() == map.size() ? map : clean;
  }
}
