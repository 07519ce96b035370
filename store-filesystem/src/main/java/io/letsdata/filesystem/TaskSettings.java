// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.options.Internal;
import io.letsdata.options.Option;
import io.letsdata.options.SecretRule;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The part of the driver's Hadoop configuration that travels with a task: the keys that decoders,
 * encoders, codecs and this file system read, where their value is not the default that Hadoop's
 * own jars give to every worker. Values of the driver's site files travel; secrets do not.
 *
 * <p>Spark's sources broadcast the whole configuration of the session: a thousand defaults, and
 * every secret in it (SessionState.newHadoopConf copies all settings, 3.5.9). A broadcast is a
 * stored object here; this is a part of the task and costs no request. Immutable.
 */
@Internal
public final class TaskSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final List<String> PREFIXES =
      List.of(
          "parquet.",
          "orc.",
          "avro.",
          "mapreduce.",
          "mapred.",
          "textinputformat.",
          "io.",
          "zlib.",
          "fs.letsdata-store.",
          "spark.sql.",
          Option.PREFIX,
          "org.apache.spark.sql.");

  /** Settings of plug-ins, whose values may be URLs with a password. Elsewhere a key decides. */
  private static final String PLUGIN = "spark.sql.catalog.";

  private final Map<String, String> settings;

  private TaskSettings(Map<String, String> settings) {
    this.settings = new HashMap<>(settings);
  }

  /**
   * The settings of {@code driver} that a task needs; no request.
   *
   * @param secrets decides which entries stay with the driver. Only keys count, and the values of
   *     catalogs: a schema with a column "token" is no secret
   */
  public static TaskSettings of(Configuration driver, SecretRule secrets) {
    Map<String, String> settings = new HashMap<>();
    for (Map.Entry<String, String> entry : driver) {
      String key = entry.getKey();
      if (PREFIXES.stream().anyMatch(key::startsWith)
          && !entry.getValue().equals(Defaults.OF_THE_JARS.getRaw(key))
          && !isSecret(secrets, key, entry.getValue())) {
        settings.put(key, driver.get(key));
      }
    }
    return new TaskSettings(settings);
  }

  private static boolean isSecret(SecretRule secrets, String key, String value) {
    return secrets.isSecretKey(key)
        || SecretRule.isSensitiveInHadoop(key)
        || (key.startsWith(PLUGIN) && secrets.isSecret(key, value));
  }

  /** A copy of {@code worker} with these settings. */
  public Configuration on(Configuration worker) {
    Configuration conf = new Configuration(worker);
    settings.forEach(conf::set);
    return conf;
  }

  /** The defaults that every process has which runs this Hadoop; no site file. */
  private static final class Defaults {
    static final Configuration OF_THE_JARS = new Configuration(false);

    static {
      OF_THE_JARS.addResource("core-default.xml");
      OF_THE_JARS.addResource("mapred-default.xml");
    }
  }
}
